//! Files that are right by themselves and must be refused where they come.

use latchkey_verify::issue::{Draft, DraftKey};
use latchkey_verify::{Endorsement, Error, PublicKey, Reason};

use super::raw::write;
use super::set::{
    ISSUED, NOW, OTHER_TENANT, Seen, Set, TENANT, decide, delta, endorse, full, is_refused, is_valid, key, key_of,
    signed, signer, take, text,
};

pub(crate) fn add(set: &mut Set) {
    histories(set);
    deltas(set);
    rotations(set);
    endorsements(set);
}

fn histories(set: &mut Set) {
    let ask = || decide(&text("aaaaaaaa"), NOW, is_valid(&key("aaaaaaaa"), 42));
    let stays = vec![key("aaaaaaaa")];
    let of_other = Draft { tenant: OTHER_TENANT, sequence: 43, ..full(stays.clone()) };
    let older = Draft { sequence: 41, ..full(vec![key("bbbbbbbb")]) };
    let earlier = Draft { issued: ISSUED - 1, ..full(vec![key("bbbbbbbb")]) };
    let of_other = set.file("other-tenant", signed(&of_other));
    let older = set.file("older", signed(&older));
    let earlier = set.file("earlier", signed(&earlier));
    let mut after = |name: &str, says: &str, file: &str, error| {
        let steps = vec![take("one-key", Ok(())), take(file, Err(error)), ask()];
        set.malicious(name, says, steps);
    };
    after("other-tenant", "a bundle of another tenant in place of ours", &of_other, Error::OtherTenant);
    after("rollback", "a lower sequence", &older, Error::Rollback);
    after("rollback-same-sequence", "the same sequence, issued earlier", &earlier, Error::Rollback);
    after("refused-stays", "after a file that is no good the old bundle decides", "trailing-byte", Error::Trailing);
    let case = set.malicious(
        "other-tenant-at-first",
        "a bundle of a tenant that was not expected",
        vec![take(&of_other, Err(Error::OtherTenant))],
    );
    case.tenant = Some(TENANT.to_string());
    for (name, says, seen) in [
        ("rollback-after-restart", "an older one than before the restart", Seen { sequence: 43, issued: ISSUED - 9 }),
        (
            "rollback-after-restart-same",
            "the same sequence, issued earlier than before the restart",
            Seen { sequence: 42, issued: ISSUED + 1 },
        ),
    ] {
        let case = set.malicious(name, says, vec![take("one-key", Err(Error::Rollback))]);
        (case.tenant, case.seen) = (Some(TENANT.to_string()), Some(seen));
    }
}

fn deltas(set: &mut Set) {
    let ask = || decide(&text("aaaaaaaa"), NOW, is_valid(&key("aaaaaaaa"), 42));
    let mut after = |name: &str, says: &str, draft: &Draft, error| {
        let file = set.file(name, signed(draft));
        set.malicious(name, says, vec![take("abc", Ok(())), take(&file, Err(error)), ask()]);
    };
    after("delta-since-later", "what happened in between is missing", &delta(43, 44, vec![], &[], 3), Error::Misfit);
    after("delta-older", "a delta to a lower sequence", &delta(40, 41, vec![], &[], 3), Error::Rollback);
    let other = Draft { tenant: OTHER_TENANT, ..delta(42, 43, vec![], &[], 3) };
    after("delta-other-tenant", "a delta of another tenant", &other, Error::OtherTenant);
    after("delta-total-less", "it says there are fewer keys", &delta(42, 43, vec![], &[], 2), Error::Misfit);
    after("delta-total-more", "it says there are more keys", &delta(42, 43, vec![], &[], 4), Error::Misfit);
    after(
        "delta-other-history",
        "it removes a key that never was here",
        &delta(42, 43, vec![], &["zzzzzzzz"], 2),
        Error::Misfit,
    );
    let twin = DraftKey { digest: key("aaaaaaaa").digest, ..key_of("dddddddd", "") };
    after("delta-digest-there", "a digest that another key has", &delta(42, 43, vec![twin], &[], 4), Error::Misfit);
    let alone = set.file("delta-alone", signed(&delta(42, 43, vec![], &[], 0)));
    set.malicious("delta-alone", "a delta for nothing", vec![take(&alone, Err(Error::Misfit))]);
    let zero = set.file("delta-alone-since-0", signed(&delta(0, 43, vec![key("aaaaaaaa")], &[], 1)));
    set.malicious(
        "delta-alone-since-0",
        "a delta since the beginning is no full bundle",
        vec![take(&zero, Err(Error::Misfit))],
    );
}

/// That the key with number `new` takes the place of the one with number `old`.
fn endorsed(old: u8, new: u8, sequence: u64) -> (Vec<u8>, String) {
    let key = signer(new).public_key();
    signer(old).endorse(&Endorsement { tenant: TENANT, sequence, issued: ISSUED, key }).unwrap()
}

fn rotations(set: &mut Set) {
    let by = |number: u8, draft: &Draft| draft.sign(&signer(number)).unwrap();
    let ask = |sequence| decide(&text("aaaaaaaa"), NOW, is_valid(&key("aaaaaaaa"), sequence));
    let keys = || vec![key("aaaaaaaa")];
    let first = set.file("endorse-1-2", endorsed(1, 2, 42));
    let second = set.file("endorse-2-3", endorsed(2, 3, 43));
    let new = set.file("one-key-by-2", by(2, &full(keys())));
    let newer = set.file("one-key-by-3", by(3, &Draft { sequence: 43, ..full(keys()) }));
    let steps = vec![endorse(&first, Ok(())), take(&new, Ok(())), ask(42)];
    set.valid("endorsed-before", "a new key before the first bundle", steps);
    let steps = vec![take("one-key", Ok(())), endorse(&first, Ok(())), ask(42), take(&new, Ok(())), ask(42)];
    set.valid("endorsed-between", "a new key between two bundles", steps);
    let steps = vec![endorse(&first, Ok(())), endorse(&second, Ok(())), take(&newer, Ok(())), ask(43)];
    set.valid("endorsed-twice", "two new keys in a row", steps);
    let delta_by = set.file("delta-by-2", by(2, &delta(42, 43, vec![key("bbbbbbbb")], &[], 2)));
    let steps = vec![take("one-key", Ok(())), endorse(&first, Ok(())), take(&delta_by, Ok(())), ask(43)];
    set.valid("endorsed-delta", "a delta with the new key on a bundle with the old", steps);
    let stolen = set.file("stolen", by(1, &Draft { sequence: 9_000, ..full(vec![key("Stolen00")]) }));
    let thief = decide(&text("Stolen00"), NOW, is_refused(Reason::Unknown, Some("Stolen00"), 42));
    let steps = vec![take(&stolen, Ok(())), endorse(&first, Ok(())), take(&new, Ok(())), thief, ask(42)];
    set.valid("endorsed-after-theft", "what a thief signed does not keep the new key out", steps);

    // A key whose number begins with a zero when it is printed.
    let zero = (4..=255).find(|&number| signer(number).public_key().number().starts_with('0')).unwrap();
    let file = set.file("endorse-number-with-zero", endorsed(1, zero, 42));
    let by_zero = set.file("one-key-by-number-with-zero", by(zero, &full(keys())));
    let steps = vec![endorse(&file, Ok(())), take(&by_zero, Ok(())), ask(42)];
    set.valid("endorse-number-with-zero", "a key number that begins with a zero", steps);

    let delta_back = vec![take(&stolen, Ok(())), endorse(&first, Ok(())), take(&delta_by, Err(Error::Misfit))];
    set.malicious("endorsed-delta-on-stolen", "a delta for another bundle than the thief's", delta_back);
    let steps = vec![take(&new, Err(Error::WrongKey))];
    set.malicious("new-key-unendorsed", "a new key that nobody signed", steps);
    let steps = vec![endorse(&first, Ok(())), take("one-key", Err(Error::WrongKey))];
    set.malicious("old-key-after", "the old key signs nothing any more", steps);
    let steps = vec![endorse(&first, Ok(())), endorse(&first, Err(Error::WrongKey))];
    set.malicious("endorsed-again", "an endorsement counts once", steps);
    let steps = vec![endorse(&second, Err(Error::WrongKey)), endorse(&first, Ok(())), endorse(&second, Ok(()))];
    set.malicious("endorsed-out-of-order", "the second before the first", steps);
    let older = set.file("older-by-2", by(2, &Draft { sequence: 41, ..full(keys()) }));
    let steps = vec![endorse(&first, Ok(())), take(&older, Err(Error::Rollback))];
    set.malicious("older-than-endorsement", "older than the new key", steps);
    let other = set.file("other-tenant-by-2", by(2, &Draft { tenant: OTHER_TENANT, ..full(keys()) }));
    let steps = vec![endorse(&first, Ok(())), take(&other, Err(Error::OtherTenant))];
    set.malicious("endorsed-for-tenant", "the endorsement says whose key it is", steps);
    let key = signer(2).public_key();
    let foreign = Endorsement { tenant: OTHER_TENANT, sequence: 42, issued: ISSUED, key };
    let foreign = set.file("endorse-other-tenant", signer(1).endorse(&foreign).unwrap());
    let steps = vec![take("one-key", Ok(())), endorse(&foreign, Err(Error::OtherTenant)), ask(42)];
    set.malicious("endorse-other-tenant", "an endorsement of another tenant", steps);
}

/// An endorsement in pieces.
struct Raw {
    begins: &'static [u8],
    version: u64,
    fields: usize,
    sequence: u64,
    issued: u64,
    key: Vec<u8>,
    after: Vec<u8>,
    /// How many bytes are missing at the end.
    cut: usize,
    comment: String,
}

impl Raw {
    fn new(key: &PublicKey) -> Self {
        Self {
            begins: b"\x83\x74latchkey-endorsement",
            version: 1,
            fields: 4,
            sequence: 42,
            issued: ISSUED,
            key: key.as_bytes().to_vec(),
            after: Vec::new(),
            cut: 0,
            comment: format!("latchkey-endorsement tenant={TENANT} sequence=42 key={}", key.number()),
        }
    }

    fn signed(&self) -> (Vec<u8>, String) {
        let mut file = write(|writer| {
            writer.raw(self.begins).unsigned(self.version).array(self.fields).bytes(&TENANT.0);
            writer.unsigned(self.sequence).unsigned(self.issued).bytes(&self.key).raw(&self.after);
        });
        file.truncate(file.len() - self.cut);
        let signature = signer(1).sign(&file, &self.comment);
        (file, signature)
    }
}

fn endorsements(set: &mut Set) {
    let key = signer(2).public_key();
    let mut with = |name: &str, says: &str, error, change: &dyn Fn(&mut Raw)| {
        let mut raw = Raw::new(&key);
        change(&mut raw);
        let file = set.file(&format!("endorsement-{name}"), raw.signed());
        set.malicious(&file, says, vec![endorse(&file, Err(error))]);
    };
    with("version-2", "version 2", Error::UnknownVersion, &|raw| raw.version = 2);
    with("5-fields", "a field that nobody knows", Error::Malformed, &|raw| raw.fields = 5);
    with("cut", "it ends too early", Error::Truncated, &|raw| raw.cut = 1);
    with("trailing", "a byte more", Error::Trailing, &|raw| raw.after = vec![0]);
    with("too-large", "more than 1024 bytes", Error::TooLarge, &|raw| raw.after = vec![0; 1_024]);
    with("key-41", "a key of 41 bytes", Error::Malformed, &|raw| {
        raw.key.pop();
    });
    with("key-other-algorithm", "a key for another algorithm", Error::Malformed, &|raw| raw.key[1] = b'X');
    with("sequence-too-great", "2 to the power of 53", Error::OutOfRange, &|raw| raw.sequence = 1 << 53);
    with("issued-too-late", "issued in the year 10000", Error::OutOfRange, &|raw| raw.issued = 253_402_300_800);
    with("other-comment", "the comment names another key", Error::CommentDiffers, &|raw| {
        raw.comment = raw.comment.replace("key=", "key=0");
    });
    with("wrong-kind", "it begins with something else", Error::WrongKind, &|raw| {
        raw.begins = b"\x83\x74Latchkey-endorsement";
    });
    let (file, signature) = endorsed(9, 2, 42);
    let stranger = set.file("endorsement-by-stranger", (file, signature));
    set.malicious("endorsement-by-stranger", "a stranger endorses", vec![endorse(&stranger, Err(Error::WrongKey))]);
    let (mut file, signature) = endorsed(1, 2, 42);
    *file.last_mut().unwrap() ^= 1;
    let changed = set.file("endorsement-changed", (file, signature));
    set.malicious("endorsement-changed", "the new key was changed", vec![endorse(&changed, Err(Error::BadSignature))]);
    set.malicious(
        "endorsement-as-bundle",
        "an endorsement given as bundle",
        vec![take("endorse-1-2", Err(Error::WrongKind))],
    );
    set.malicious(
        "bundle-as-endorsement",
        "a bundle given as endorsement",
        vec![endorse("one-key", Err(Error::WrongKind))],
    );
}
