//! What is in a file, once its signature is right: full bundles and deltas.

use std::collections::HashMap;
use std::sync::Arc;

use crate::entry::{Access, Entry, KeyStatus};
use crate::error::{Error, Result};
use crate::ids::{Handle, TenantId};
use crate::keys::{Handles, Keys};
use crate::limits::{
    BUNDLE_BEGINS, MAX_ACCESSES, MAX_FILE, MAX_ID, MAX_KEYS, MAX_NAME, MAX_NUMBER, MAX_TABLE, MAX_TIME, VERSION,
};
use crate::reader::Reader;
use crate::signature::{PublicKey, bundle_comment};

/// How many fields a body has.
const FIELDS: u64 = 16;
/// The fewest bytes that a key takes in a file.
const LEAST_KEY: usize = 48;

/// What a bundle says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Whose keys these are.
    pub tenant: TenantId,
    /// What people call the tenant.
    pub name: String,
    /// The number of the tenant's newest change that is in here.
    pub sequence: u64,
    /// Since when, for a delta; `None` for a full bundle.
    pub base: Option<u64>,
    /// When it was issued, in seconds since 1970.
    pub issued: u64,
    /// The first second at which it is over.
    pub expires: u64,
    /// How many keys there are, after a delta was applied.
    pub total: usize,
    /// Whether there may be keys whose text has none of the known forms.
    pub foreign: bool,
}

/// A full bundle or a delta whose contents are well-formed, for those who want to look into it.
///
/// Whether it is new enough, and fits, is for a [`Verifier`](crate::Verifier) to judge, which takes bytes and never this.
#[derive(Debug)]
pub struct BundleFile {
    pub(crate) header: Header,
    pub(crate) accesses: Vec<Arc<Access>>,
    pub(crate) keys: Keys,
    pub(crate) removed: Vec<Handle>,
}

/// A key in a bundle.
#[derive(Debug, Clone, Copy)]
pub struct KeyRecord<'a> {
    /// The public part.
    pub handle: Handle,
    /// The SHA-256 of its text.
    pub digest: &'a [u8; 32],
    /// What it may do.
    pub access: &'a Arc<Access>,
    /// The first second at which it may be used.
    pub not_before: Option<u64>,
    /// The first second at which it is over.
    pub expires: Option<u64>,
    /// What a person made of it.
    pub status: KeyStatus,
}

impl BundleFile {
    /// Checks the signature, reads the file strictly, and compares the signed comment with what it says.
    pub fn open(file: &[u8], signature: &[u8], key: &PublicKey) -> Result<Self> {
        if file.len() > MAX_FILE {
            return Err(Error::TooLarge);
        }
        let comment = key.check(file, signature)?;
        let read = Self::read(file)?;
        let Header { tenant, base, sequence, expires, .. } = read.header;
        if comment != bundle_comment(tenant, base.is_some(), sequence, expires) {
            return Err(Error::CommentDiffers);
        }
        Ok(read)
    }

    /// Reads a file strictly **without looking at its signature**: to show to a person what it claims, where no key is at
    /// hand. Nothing of it must be believed.
    pub fn peek(file: &[u8]) -> Result<Self> {
        if file.len() > MAX_FILE { Err(Error::TooLarge) } else { Self::read(file) }
    }

    /// What it says of itself.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its keys, in no order.
    #[must_use]
    pub fn keys(&self) -> impl ExactSizeIterator<Item = KeyRecord<'_>> {
        self.keys.all().iter().map(|entry| entry.record(&self.accesses))
    }

    /// The keys that a delta takes out, by handle.
    #[must_use]
    pub fn removed(&self) -> &[Handle] {
        &self.removed
    }

    /// Reads a file whose signature was checked.
    pub(crate) fn read(file: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(file);
        reader.begins(BUNDLE_BEGINS)?;
        if reader.unsigned(u64::MAX)? != VERSION {
            return Err(Error::UnknownVersion);
        }
        reader.fixed_array(FIELDS)?;
        let header = header(&mut reader)?;
        let tables = Tables {
            api_sets: table(&mut reader)?,
            organizations: table(&mut reader)?,
            groups: table(&mut reader)?,
            permissions: table(&mut reader)?,
        };
        let accesses = accesses(&mut reader, &tables)?;
        let keys = keys(&mut reader, &header, accesses.len())?;
        let removed = removed(&mut reader, &header, &keys)?;
        reader.end()?;
        Ok(Self { header, accesses, keys, removed })
    }
}

fn header(reader: &mut Reader<'_>) -> Result<Header> {
    let is_delta = reader.unsigned(1)? == 1;
    let tenant = TenantId(reader.bytes()?);
    let name = reader.text(MAX_NAME)?.to_owned();
    let sequence = reader.unsigned(MAX_NUMBER)?;
    let base = reader.unsigned_or_null(MAX_NUMBER)?;
    if base.is_some() != is_delta {
        return Err(Error::Malformed);
    }
    if base.is_some_and(|base| base > sequence) {
        return Err(Error::OutOfRange);
    }
    let issued = reader.unsigned(MAX_TIME)?;
    let expires = reader.unsigned(MAX_TIME)?;
    if expires <= issued {
        return Err(Error::OutOfRange);
    }
    let total = count(reader, MAX_KEYS)?;
    let foreign = reader.boolean()?;
    Ok(Header { tenant, name, sequence, base, issued, expires, total, foreign })
}

/// The identifiers of a bundle, by number.
struct Tables {
    api_sets: Vec<Arc<str>>,
    organizations: Vec<Arc<str>>,
    groups: Vec<Arc<str>>,
    permissions: Vec<Arc<str>>,
}

fn table(reader: &mut Reader<'_>) -> Result<Vec<Arc<str>>> {
    let len = reader.array(MAX_TABLE)?;
    let mut table: Vec<Arc<str>> = Vec::with_capacity(len);
    for _ in 0..len {
        let id = reader.text(MAX_ID)?;
        if let Some(last) = table.last() {
            ascending(last.as_bytes(), id.as_bytes())?;
        }
        table.push(id.into());
    }
    Ok(table)
}

fn accesses(reader: &mut Reader<'_>, tables: &Tables) -> Result<Vec<Arc<Access>>> {
    let len = reader.array(MAX_ACCESSES)?;
    let mut accesses = Vec::new();
    let mut last: &[u8] = &[];
    for _ in 0..len {
        let before = reader.rest();
        reader.fixed_array(5)?;
        let access = Access {
            everything: reader.boolean()?,
            api_sets: chosen(reader, &tables.api_sets)?,
            organization: one(reader, &tables.organizations)?,
            groups: chosen(reader, &tables.groups)?,
            permissions: chosen(reader, &tables.permissions)?,
        };
        let encoding = &before[..before.len() - reader.left()];
        ascending(last, encoding)?;
        last = encoding;
        accesses.push(Arc::new(access));
    }
    Ok(accesses)
}

/// A list of indexes of a table, as what they point to.
fn chosen(reader: &mut Reader<'_>, table: &[Arc<str>]) -> Result<Vec<Arc<str>>> {
    let len = reader.array(table.len())?;
    let mut chosen = Vec::with_capacity(len);
    let mut last = None;
    for _ in 0..len {
        let place = count(reader, usize::MAX)?;
        let id = table.get(place).ok_or(Error::OutOfRange)?;
        if last.is_some_and(|last| place <= last) {
            return Err(if last == Some(place) { Error::Duplicate } else { Error::Unsorted });
        }
        last = Some(place);
        chosen.push(Arc::clone(id));
    }
    Ok(chosen)
}

fn one(reader: &mut Reader<'_>, table: &[Arc<str>]) -> Result<Option<Arc<str>>> {
    let Some(place) = reader.unsigned_or_null(u64::MAX)? else { return Ok(None) };
    let id = usize::try_from(place).ok().and_then(|place| table.get(place)).ok_or(Error::OutOfRange)?;
    Ok(Some(Arc::clone(id)))
}

fn keys(reader: &mut Reader<'_>, header: &Header, accesses: usize) -> Result<Keys> {
    let len = reader.array(MAX_KEYS)?;
    if header.base.is_none() && len != header.total {
        return Err(Error::CountDiffers);
    }
    let mut entries = Vec::with_capacity(len.min(reader.left() / LEAST_KEY));
    let read = entries_into(&mut entries, reader, len, accesses);
    // A digest that is there twice comes before what is wrong behind it.
    let keys = Keys::new(entries).map_err(|_| Error::Duplicate)?;
    read.map(|()| keys)
}

fn entries_into(entries: &mut Vec<Entry>, reader: &mut Reader<'_>, len: usize, accesses: usize) -> Result<()> {
    let mut used = vec![false; accesses];
    for _ in 0..len {
        reader.fixed_array(6)?;
        let handle = handle(reader)?;
        let digest = reader.bytes()?;
        let access = count(reader, usize::MAX)?;
        *used.get_mut(access).ok_or(Error::OutOfRange)? = true;
        let not_before = reader.unsigned_or_null(MAX_TIME)?;
        let expires = reader.unsigned_or_null(MAX_TIME)?;
        let status = KeyStatus::from_number(reader.unsigned(2)?).ok_or(Error::OutOfRange)?;
        if let Some(last) = entries.last() {
            ascending(last.handle.as_bytes(), handle.as_bytes())?;
        }
        entries.push(Entry::new(handle, digest, narrow(access)?, (not_before, expires), status));
    }
    if used.contains(&false) { Err(Error::Malformed) } else { Ok(()) }
}

fn removed(reader: &mut Reader<'_>, header: &Header, keys: &Keys) -> Result<Vec<Handle>> {
    let len = reader.array(MAX_KEYS)?;
    if header.base.is_none() && len != 0 {
        return Err(Error::Malformed);
    }
    let there = if len == 0 { Handles::default() } else { keys.all().iter().map(|entry| entry.handle).collect() };
    let mut removed: Vec<Handle> = Vec::new();
    for _ in 0..len {
        let handle = handle(reader)?;
        if let Some(last) = removed.last() {
            ascending(last.as_bytes(), handle.as_bytes())?;
        }
        if there.contains(handle) {
            return Err(Error::Duplicate);
        }
        removed.push(handle);
    }
    Ok(removed)
}

fn handle(reader: &mut Reader<'_>) -> Result<Handle> {
    Handle::from_bytes(reader.fixed_text()?).ok_or(Error::Malformed)
}

fn count(reader: &mut Reader<'_>, max: usize) -> Result<usize> {
    usize::try_from(reader.unsigned(max as u64)?).map_err(|_| Error::OutOfRange)
}

/// Places and counts are below [`MAX_KEYS`].
fn narrow(number: usize) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::OutOfRange)
}

fn ascending(before: &[u8], after: &[u8]) -> Result<()> {
    match before.cmp(after) {
        std::cmp::Ordering::Less => Ok(()),
        std::cmp::Ordering::Equal => Err(Error::Duplicate),
        std::cmp::Ordering::Greater => Err(Error::Unsorted),
    }
}

/// Takes the accesses of a delta among those that are there: for each of `more`, its place.
pub(crate) fn merged(accesses: &mut Vec<Arc<Access>>, more: &[Arc<Access>]) -> Result<Vec<u32>> {
    let mut places: HashMap<Arc<Access>, usize> = HashMap::with_capacity(accesses.len());
    places.extend(accesses.iter().enumerate().map(|(place, access)| (Arc::clone(access), place)));
    let mut merged = Vec::with_capacity(more.len());
    for access in more {
        let place = *places.entry(Arc::clone(access)).or_insert_with(|| {
            accesses.push(Arc::clone(access));
            accesses.len() - 1
        });
        merged.push(narrow(place)?);
    }
    Ok(merged)
}
