use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{SigningKey, Writer};
use crate::entry::{Access, KeyStatus};
use crate::error::{Error, Result};
use crate::file::BundleFile;
use crate::ids::{Handle, TenantId};
use crate::limits::{BUNDLE_BEGINS, VERSION};
use crate::signature::bundle_comment;

/// A bundle to be written. Nothing has to be in order.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Whose keys these are.
    pub tenant: TenantId,
    /// What people call the tenant.
    pub name: String,
    /// The number of the tenant's newest change.
    pub sequence: u64,
    /// Since when, for a delta; `None` for a full bundle.
    pub base: Option<u64>,
    /// Now, in seconds since 1970.
    pub issued: u64,
    /// The first second at which it is over.
    pub expires: u64,
    /// How many keys the tenant has: for a full bundle, as many as there are in `keys`.
    pub total: usize,
    /// Whether the tenant has keys whose text has none of the known forms.
    pub foreign: bool,
    /// All keys; for a delta, those that were added or changed since.
    pub keys: Vec<DraftKey>,
    /// For a delta, handles of the keys that were taken away since.
    pub removed: Vec<Handle>,
}

/// A key to be written. Its text must be random: a key that a person may have chosen is not for a bundle.
#[derive(Debug, Clone)]
pub struct DraftKey {
    /// The public part.
    pub handle: Handle,
    /// The SHA-256 of its text.
    pub digest: [u8; 32],
    /// What it may do.
    pub access: Arc<Access>,
    /// The first second at which it may be used.
    pub not_before: Option<u64>,
    /// The first second at which it is over.
    pub expires: Option<u64>,
    /// What a person made of it.
    pub status: KeyStatus,
}

impl Draft {
    /// Writes and signs: the file, and its signature file. What no verifier would take is an error.
    pub fn sign(&self, key: &SigningKey) -> Result<(Vec<u8>, String)> {
        let file = self.encode()?;
        BundleFile::read(&file)?;
        let signature = key.sign(&file, &self.comment());
        Ok((file, signature))
    }

    /// How many bytes the file and its signature file have once it is signed.
    pub fn lengths(&self) -> Result<(usize, usize)> {
        Ok((self.encode()?.len(), super::signing::signature_len(&self.comment())))
    }

    /// The comment that is signed with it.
    #[must_use]
    pub fn comment(&self) -> String {
        bundle_comment(self.tenant, self.base.is_some(), self.sequence, self.expires)
    }

    fn encode(&self) -> Result<Vec<u8>> {
        let tables = Tables::of(self.keys.iter().map(|key| &*key.access));
        let (encoded, places) = self.accesses(&tables)?;

        let mut writer = Writer::default();
        writer.raw(BUNDLE_BEGINS).unsigned(VERSION).array(16);
        writer.unsigned(self.base.is_some().into()).bytes(&self.tenant.0).text(&self.name);
        writer.unsigned(self.sequence).unsigned_or_null(self.base);
        writer.unsigned(self.issued).unsigned(self.expires).unsigned(self.total as u64).boolean(self.foreign);
        for table in [&tables.api_sets, &tables.organizations, &tables.groups, &tables.permissions] {
            writer.array(table.len());
            for id in table.keys() {
                writer.text(id);
            }
        }
        writer.array(encoded.len());
        for access in encoded {
            writer.raw(&access);
        }
        let mut keys: Vec<(&DraftKey, usize)> = self.keys.iter().zip(places).collect();
        keys.sort_unstable_by_key(|(key, _)| key.handle);
        writer.array(keys.len());
        for (key, access) in keys {
            writer.array(6).text(key.handle.as_str()).bytes(&key.digest).unsigned(access as u64);
            writer.unsigned_or_null(key.not_before).unsigned_or_null(key.expires).unsigned(key.status as u64);
        }
        let mut removed = self.removed.clone();
        removed.sort_unstable();
        writer.array(removed.len());
        for handle in removed {
            writer.text(handle.as_str());
        }
        Ok(writer.into_bytes())
    }

    /// The encodings of all accesses in order, and for each key the place of its own.
    fn accesses(&self, tables: &Tables<'_>) -> Result<(Vec<Vec<u8>>, Vec<usize>)> {
        let mut known: HashMap<&Access, Vec<u8>> = HashMap::new();
        for key in &self.keys {
            if !known.contains_key(&*key.access) {
                known.insert(&key.access, tables.encode(&key.access)?);
            }
        }
        let encoded: Vec<Vec<u8>> = known.values().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let place = |bytes: &Vec<u8>| encoded.binary_search(bytes).map_err(|_| Error::OutOfRange);
        let places: HashMap<&Access, usize> =
            known.iter().map(|(access, bytes)| Ok((*access, place(bytes)?))).collect::<Result<_>>()?;
        let own = self.keys.iter().map(|key| places[&*key.access]).collect();
        Ok((encoded, own))
    }
}

/// Identifiers in order, with their places.
struct Tables<'a> {
    api_sets: BTreeMap<&'a str, usize>,
    organizations: BTreeMap<&'a str, usize>,
    groups: BTreeMap<&'a str, usize>,
    permissions: BTreeMap<&'a str, usize>,
}

impl<'a> Tables<'a> {
    fn of(accesses: impl Iterator<Item = &'a Access>) -> Self {
        let (mut api_sets, mut organizations) = (BTreeSet::new(), BTreeSet::new());
        let (mut groups, mut permissions) = (BTreeSet::new(), BTreeSet::new());
        for access in accesses {
            api_sets.extend(access.api_sets.iter().map(|id| &**id));
            organizations.extend(access.organization.as_deref());
            groups.extend(access.groups.iter().map(|id| &**id));
            permissions.extend(access.permissions.iter().map(|id| &**id));
        }
        let numbered = |ids: BTreeSet<&'a str>| ids.into_iter().enumerate().map(|(place, id)| (id, place)).collect();
        Self {
            api_sets: numbered(api_sets),
            organizations: numbered(organizations),
            groups: numbered(groups),
            permissions: numbered(permissions),
        }
    }

    fn encode(&self, access: &Access) -> Result<Vec<u8>> {
        let mut writer = Writer::default();
        writer.array(5).boolean(access.everything);
        write_places(&mut writer, &self.api_sets, &access.api_sets)?;
        let organization = access.organization.as_deref();
        writer.unsigned_or_null(organization.and_then(|id| self.organizations.get(id)).map(|&place| place as u64));
        write_places(&mut writer, &self.groups, &access.groups)?;
        write_places(&mut writer, &self.permissions, &access.permissions)?;
        Ok(writer.into_bytes())
    }
}

/// Writes the places of identifiers: in order, each once.
fn write_places(writer: &mut Writer, table: &BTreeMap<&str, usize>, ids: &[Arc<str>]) -> Result<()> {
    let place = |id: &Arc<str>| table.get(&**id).copied().ok_or(Error::OutOfRange);
    let places = ids.iter().map(place).collect::<Result<BTreeSet<usize>>>()?;
    writer.array(places.len());
    for place in places {
        writer.unsigned(place as u64);
    }
    Ok(())
}
