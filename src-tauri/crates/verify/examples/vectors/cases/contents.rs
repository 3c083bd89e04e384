//! Contents that must be refused though their signature is right.

use latchkey_verify::Error::{
    self, CountDiffers, Duplicate, Malformed, NotCanonical, OutOfRange, Trailing, Truncated, UnknownVersion, Unsorted,
    WrongKind,
};
use latchkey_verify::limits::{MAX_NUMBER, MAX_TIME};

use super::raw::{HANDLES, Raw, access, array, at, key, number, texts, write};
use super::set::{ISSUED, Set};

pub(crate) fn add(set: &mut Set) {
    kinds(set);
    encodings(set);
    header(set);
    tables(set);
    accesses(set);
    keys(set);
    ends(set);
}

fn raw(set: &mut Set, name: &str, says: &str, raw: &Raw, error: Error) {
    set.refused(name, says, raw.signed(), error);
}

fn one_text(text: &[u8]) -> Vec<u8> {
    // Not through `Writer::text`: not all of these are UTF-8.
    let head = write(|writer| {
        writer.bytes(text);
    });
    let len = head.len() - text.len();
    let mut item = head;
    item[..len][0] |= 0x20;
    item
}

fn kinds(set: &mut Set) {
    let mut with = |name: &str, says: &str, change: &dyn Fn(&mut Raw), error| {
        let mut changed = Raw::new();
        change(&mut changed);
        raw(set, name, says, &changed, error);
    };
    with(
        "kind-text",
        "a text file",
        &|raw| {
            (raw.begins, raw.version, raw.head, raw.items) = (b"Harbour\n".to_vec(), vec![], vec![], vec![]);
        },
        WrongKind,
    );
    with(
        "kind-nothing",
        "an empty file",
        &|raw| {
            (raw.begins, raw.version, raw.head, raw.items) = (vec![], vec![], vec![], vec![]);
        },
        WrongKind,
    );
    with("kind-other-name", "another name", &|raw| raw.begins[5] = b'L', WrongKind);
    with("kind-array-of-two", "the outer array is shorter", &|raw| raw.begins[0] = 0x82, WrongKind);
    with("kind-array-of-four", "the outer array is longer", &|raw| raw.begins[0] = 0x84, WrongKind);
    with(
        "kind-long-head",
        "the outer array's length is not the shortest",
        &|raw| {
            raw.begins.splice(..1, [0x98, 3]);
        },
        WrongKind,
    );
    with(
        "kind-tagged",
        "CBOR's tag for itself",
        &|raw| {
            raw.begins.splice(..0, [0xd9, 0xd9, 0xf7]);
        },
        WrongKind,
    );
    with("version-0", "version 0", &|raw| raw.version = number(0), UnknownVersion);
    with("version-2", "version 2", &|raw| raw.version = number(2), UnknownVersion);
    with(
        "version-2-of-two",
        "version 2, and nothing else is as we know it",
        &|raw| {
            (raw.version, raw.head, raw.items) = (number(2), vec![0xa0], vec![]);
        },
        UnknownVersion,
    );
    with("version-greatest", "the greatest number of CBOR", &|raw| raw.version = number(u64::MAX), UnknownVersion);
    with("version-null", "no version", &|raw| raw.version = vec![0xf6], Malformed);
    with("version-long", "version 1, not the shortest", &|raw| raw.version = vec![0x18, 1], NotCanonical);
    with(
        "body-15",
        "a field is missing",
        &|raw| {
            raw.head = vec![0x8f];
            raw.items.pop();
        },
        Malformed,
    );
    with(
        "body-17",
        "a field that nobody knows",
        &|raw| {
            raw.head = vec![0x91];
            raw.items.push(vec![0xf6]);
        },
        Malformed,
    );
    with("body-map", "a map", &|raw| raw.head = vec![0xb0], Malformed);
    with(
        "body-indefinite",
        "an indefinite length",
        &|raw| {
            (raw.head, raw.after) = (vec![0x9f], vec![0xff]);
        },
        NotCanonical,
    );
    with("body-long", "a length that is not the shortest", &|raw| raw.head = vec![0x98, 16], NotCanonical);
    with(
        "body-missing",
        "nothing after the version",
        &|raw| {
            (raw.head, raw.items) = (vec![], vec![]);
        },
        Truncated,
    );
    with("body-lies", "fewer bytes than fields", &|raw| raw.items = vec![number(0); 3], Truncated);
}

fn encodings(set: &mut Set) {
    let mut sequence = |name: &str, says: &str, item: &[u8], error| {
        raw(set, &format!("number-{name}"), says, &Raw::new().with(at::SEQUENCE, item.to_vec()), error);
    };
    sequence("1-byte", "23 in one byte more", &[0x18, 23], NotCanonical);
    sequence("2-bytes", "255 in two bytes", &[0x19, 0, 255], NotCanonical);
    sequence("4-bytes", "65535 in four bytes", &[0x1a, 0, 0, 255, 255], NotCanonical);
    sequence("8-bytes", "4294967295 in eight bytes", &[0x1b, 0, 0, 0, 0, 255, 255, 255, 255], NotCanonical);
    sequence("reserved", "additional information 28", &[0x1c], NotCanonical);
    sequence("indefinite", "additional information 31", &[0x1f], NotCanonical);
    sequence("negative", "-1", &[0x20], Malformed);
    sequence("float", "42.0", &[0xf9, 0x51, 0x40], Malformed);
    sequence("tagged", "a tag before it", &[0xc1, 0x18, 42], Malformed);
    sequence("text", "42 as text", b"\x6242", Malformed);
    sequence("null", "none", &[0xf6], Malformed);
    sequence("undefined", "undefined", &[0xf7], Malformed);
    sequence("break", "a break", &[0xff], Malformed);
    sequence("simple", "true in two bytes", &[0xf8, 0x15], Malformed);
    sequence("bignum", "42 as a big number", &[0xc2, 0x41, 42], Malformed);
    sequence("too-great", "2 to the power of 53", &number(MAX_NUMBER + 1), OutOfRange);
    sequence("greatest", "the greatest number of CBOR", &number(u64::MAX), OutOfRange);
}

fn header(set: &mut Set) {
    let mut with = |name: &str, says: &str, place, item: Vec<u8>, error| {
        raw(set, name, says, &Raw::new().with(place, item), error);
    };
    let bytes = |len: usize| {
        write(|writer| {
            writer.bytes(&vec![7; len]);
        })
    };
    with("kind-of-bundle-2", "neither full nor a delta", at::KIND, number(2), OutOfRange);
    with("tenant-15", "a tenant of 15 bytes", at::TENANT, bytes(15), Malformed);
    with("tenant-17", "a tenant of 17 bytes", at::TENANT, bytes(17), Malformed);
    with("tenant-text", "a tenant as text", at::TENANT, one_text(&[b'7'; 16]), Malformed);
    with(
        "tenant-lies",
        "a tenant of more bytes than there are",
        at::TENANT,
        vec![0x5b, 0, 0, 1, 0, 0, 0, 0, 0],
        Malformed,
    );
    with("name-empty", "no name", at::NAME, vec![0x60], OutOfRange);
    with("name-801", "a name of 801 bytes", at::NAME, one_text(&[b'a'; 801]), OutOfRange);
    with(
        "name-lies",
        "a name of the greatest length",
        at::NAME,
        vec![0x7b, 255, 255, 255, 255, 255, 255, 255, 255],
        OutOfRange,
    );
    with("name-indefinite", "a name in pieces", at::NAME, b"\x7f\x63Har\x64bour\xff".to_vec(), NotCanonical);
    with("name-bytes", "a name as bytes", at::NAME, bytes(7), Malformed);
    for (name, text) in [
        ("nul", &b"a\0b"[..]),
        ("line-feed", b"a\nb"),
        ("escape", b"\x1b[2J"),
        ("delete", b"a\x7f"),
        ("next-line", b"a\xc2\x85b"),
        ("not-utf-8", b"a\xff"),
        ("cut-utf-8", b"a\xc3"),
        ("overlong-utf-8", b"\xc0\xaf"),
        ("surrogate", b"\xed\xa0\x80"),
        ("beyond-unicode", b"\xf4\x90\x80\x80"),
    ] {
        with(
            &format!("name-{name}"),
            "a name with characters that do not belong there",
            at::NAME,
            one_text(text),
            Malformed,
        );
    }
    with("base-in-full", "a full bundle since 41", at::BASE, number(41), Malformed);
    with("issued-too-late", "issued in the year 10000", at::ISSUED, number(MAX_TIME + 1), OutOfRange);
    with("expires-too-late", "over in the year 10000", at::EXPIRES, number(MAX_TIME + 1), OutOfRange);
    with("expires-at-issue", "over when it is issued", at::EXPIRES, number(ISSUED), OutOfRange);
    with("expires-before-issue", "over before it is issued", at::EXPIRES, number(ISSUED - 1), OutOfRange);
    with("total-less", "a key more than it says", at::TOTAL, number(1), CountDiffers);
    with("total-more", "a key fewer than it says", at::TOTAL, number(3), CountDiffers);
    with("total-too-great", "4 000 001 keys", at::TOTAL, number(4_000_001), OutOfRange);
    with("foreign-number", "0 for false", at::FOREIGN, number(0), Malformed);
    with("foreign-null", "null for false", at::FOREIGN, vec![0xf6], Malformed);
    let no_base = Raw::delta().with(at::BASE, vec![0xf6]);
    raw(set, "base-missing", "a delta since nothing", &no_base, Malformed);
    let late_base = Raw::delta().with(at::BASE, number(43));
    raw(set, "base-after-sequence", "a delta since later", &late_base, OutOfRange);
}

fn tables(set: &mut Set) {
    let mut with = |name: &str, says: &str, place, item: Vec<u8>, error| {
        raw(set, &format!("table-{name}"), says, &Raw::new().with(place, item), error);
    };
    with("unsorted", "API sets out of order", at::API_SETS, texts(&["files", "billing"]), Unsorted);
    with("sorted-otherwise", "sorted without regard to case", at::API_SETS, texts(&["billing", "Files"]), Unsorted);
    with("sorted-by-length", "sorted by length first", at::API_SETS, texts(&["zz", "aaa"]), Unsorted);
    with("sorted-as-utf-16", "sorted as UTF-16", at::API_SETS, texts(&["\u{10400}", "\u{ff61}"]), Unsorted);
    with("duplicate", "an API set twice", at::API_SETS, texts(&["billing", "billing", "files"]), Duplicate);
    with("organization-duplicate", "an organization twice", at::ORGANIZATIONS, texts(&["north", "north"]), Duplicate);
    with("id-empty", "an empty identifier", at::API_SETS, texts(&["", "files"]), OutOfRange);
    with("id-256", "an identifier of 256 bytes", at::ORGANIZATIONS, texts(&[&"n".repeat(256)]), OutOfRange);
    with("id-control", "an identifier with a line feed", at::ORGANIZATIONS, texts(&["a\r\nX-Admin: 1"]), Malformed);
    with("id-number", "a number for an identifier", at::ORGANIZATIONS, array(&[number(1)]), Malformed);
    with("null", "no table", at::API_SETS, vec![0xf6], Malformed);
    with(
        "indefinite",
        "a table of indefinite length",
        at::API_SETS,
        b"\x9f\x67billing\x65files\xff".to_vec(),
        NotCanonical,
    );
    with("65536", "a table of 65536 entries", at::API_SETS, vec![0x9a, 0, 1, 0, 0], OutOfRange);
    with("lies", "a table of 65535 entries that are not there", at::API_SETS, vec![0x99, 255, 255], Truncated);
    with("id-lies", "an identifier longer than the file", at::REMOVED - 3, b"\x81\x78\xff".to_vec(), Truncated);
}

fn accesses(set: &mut Set) {
    let mut with = |name: &str, says: &str, items: &[Vec<u8>], error| {
        raw(set, &format!("access-{name}"), says, &Raw::new().with(at::ACCESSES, array(items)), error);
    };
    let second = array(&access(&[0, 1], Some(0)));
    let first = array(&access(&[0], None));
    let changed = |place: usize, item: Vec<u8>| {
        let mut items = access(&[0], None);
        items[place] = item;
        array(&items)
    };
    let list = |places: &[u64]| array(&places.iter().map(|&place| number(place)).collect::<Vec<_>>());
    with("4", "a field is missing", &[array(&access(&[0], None)[..4]), second.clone()], Malformed);
    with("everything-number", "1 for true", &[changed(0, number(1)), second.clone()], Malformed);
    with("index-out", "an API set that is not in the table", &[changed(1, list(&[0, 2])), second.clone()], OutOfRange);
    with("index-greatest", "the greatest index of CBOR", &[changed(1, list(&[u64::MAX])), second.clone()], OutOfRange);
    with(
        "list-longer",
        "more API sets than the table has",
        &[changed(1, list(&[0, 1, 1])), second.clone()],
        OutOfRange,
    );
    with("index-unsorted", "API sets out of order", &[changed(1, list(&[1, 0])), second.clone()], Unsorted);
    with("index-duplicate", "an API set twice", &[changed(1, list(&[1, 1])), second.clone()], Duplicate);
    with("organization-out", "an organization that is not there", &[first.clone(), changed(2, number(1))], OutOfRange);
    with("group-out", "a group of an empty table", &[first.clone(), changed(3, list(&[0]))], OutOfRange);
    with("unsorted", "accesses out of order", &[second.clone(), first.clone()], Unsorted);
    with("duplicate", "an access twice", &[first.clone(), first.clone()], Duplicate);
    with("unused", "an access that no key has", &[array(&access(&[0], Some(0))), first, second], Malformed);
    let lies = Raw::new().with(at::ACCESSES, vec![0x9a, 0, 15, 66, 64]);
    raw(set, "access-lies", "a million accesses that are not there", &lies, Truncated);
    let more = Raw::new().with(at::ACCESSES, vec![0x9a, 0, 15, 66, 65]);
    raw(set, "access-too-many", "1 000 001 accesses", &more, OutOfRange);
}

fn keys(set: &mut Set) {
    let two = |first: Vec<Vec<u8>>, second: Vec<Vec<u8>>| array(&[array(&first), array(&second)]);
    let changed = |place: usize, item: Vec<u8>| {
        let mut items = key(HANDLES[0], 0);
        items[place] = item;
        two(items, key(HANDLES[1], 1))
    };
    let mut with = |name: &str, says: &str, item: Vec<u8>, error| {
        raw(set, &format!("key-{name}"), says, &Raw::new().with(at::KEYS, item), error);
    };
    let more = [key(HANDLES[0], 0), vec![number(0)]].concat();
    with("5", "a field is missing", two(key(HANDLES[0], 0)[..5].to_vec(), key(HANDLES[1], 1)), Malformed);
    with("7", "a field that nobody knows", two(more, key(HANDLES[1], 1)), Malformed);
    with("handle-7", "a handle of seven characters", changed(0, one_text(b"aaaaaaa")), Malformed);
    with("handle-9", "a handle of nine characters", changed(0, one_text(b"aaaaaaaaa")), Malformed);
    with("handle-underscore", "a handle with an underscore", changed(0, one_text(b"aaaa_aaa")), Malformed);
    with("handle-umlaut", "a handle with a letter beyond ASCII", changed(0, one_text("aaaaaaä".as_bytes())), Malformed);
    with("handle-bytes", "a handle as bytes", changed(0, b"\x48aaaaaaaa".to_vec()), Malformed);
    with("digest-31", "a digest of 31 bytes", changed(1, [vec![0x58, 31], vec![7; 31]].concat()), Malformed);
    with("digest-33", "a digest of 33 bytes", changed(1, [vec![0x58, 33], vec![7; 33]].concat()), Malformed);
    with("digest-text", "a digest as text", changed(1, one_text(&[b'7'; 32])), Malformed);
    with("access-out", "an access that is not there", changed(2, number(2)), OutOfRange);
    with("access-null", "no access", changed(2, vec![0xf6]), Malformed);
    with("not-before-too-late", "from the year 10000", changed(3, number(MAX_TIME + 1)), OutOfRange);
    with("not-before-false", "false for null", changed(3, vec![0xf4]), Malformed);
    with("expires-too-late", "until the year 10000", changed(4, number(MAX_TIME + 1)), OutOfRange);
    with("expires-float", "an end as floating-point number", changed(4, vec![0xfb, 0, 0, 0, 0, 0, 0, 0, 0]), Malformed);
    with("status-3", "a status that nobody knows", changed(5, number(3)), OutOfRange);
    with("status-text", "a status as text", changed(5, one_text(b"active")), Malformed);
    with("unsorted", "keys out of order", two(key(HANDLES[1], 1), key(HANDLES[0], 0)), Unsorted);
    let mut twin = key(HANDLES[0], 1);
    with("duplicate", "a handle twice", two(key(HANDLES[0], 0), twin.clone()), Duplicate);
    twin[0] = one_text(HANDLES[1].as_bytes());
    with("digest-duplicate", "a digest twice", two(key(HANDLES[0], 0), twin), Duplicate);
    let mut twins = vec![array(&key(HANDLES[0], 0)), array(&key("cccccccc", 1)), array(&[])];
    twins[1] = array(&[vec![one_text(b"cccccccc")], key(HANDLES[0], 1)[1..].to_vec()].concat());
    let twins = Raw::new().with(at::TOTAL, number(3)).with(at::KEYS, array(&twins));
    with("4000001", "4 000 001 keys", vec![0x9a, 0, 61, 9, 1], OutOfRange);
    with("greatest", "as many keys as CBOR can count", vec![0x9b, 255, 255, 255, 255, 255, 255, 255, 255], OutOfRange);
    let lies = Raw::new().with(at::TOTAL, number(4_000_000)).with(at::KEYS, vec![0x9a, 0, 61, 9, 0]);
    raw(set, "key-lies", "four million keys that are not there", &lies, Truncated);
    raw(set, "key-digest-duplicate-first", "a digest twice, and something else behind it", &twins, Duplicate);
    let few =
        Raw::new().with(at::TOTAL, number(100)).with(at::KEYS, [vec![0x98, 100], array(&key("aaaaaaaa", 0))].concat());
    raw(set, "key-lies-a-little", "a hundred keys, and bytes for one", &few, Truncated);
}

fn ends(set: &mut Set) {
    let removed = |handles: &[&str]| Raw::delta().with(at::REMOVED, texts(handles));
    raw(
        set,
        "removed-in-full",
        "a full bundle that removes",
        &Raw::new().with(at::REMOVED, texts(&["cccccccc"])),
        Malformed,
    );
    raw(set, "removed-unsorted", "removed handles out of order", &removed(&["dddddddd", "cccccccc"]), Unsorted);
    raw(set, "removed-duplicate", "a removed handle twice", &removed(&["cccccccc", "cccccccc"]), Duplicate);
    raw(set, "removed-and-there", "a key that is there and removed", &removed(&["aaaaaaaa"]), Duplicate);
    raw(set, "removed-short", "a removed handle of seven characters", &removed(&["ccccccc"]), Malformed);
    raw(set, "removed-hyphen", "a removed handle with a hyphen", &removed(&["cccc-ccc"]), Malformed);
    let lies = Raw::delta().with(at::REMOVED, vec![0x81]);
    raw(set, "removed-lies", "a removed handle that is not there", &lies, Truncated);
    let more = |after: &[u8]| Raw { after: after.to_vec(), ..Raw::new() };
    raw(set, "trailing-byte", "a byte more", &more(&[0]), Trailing);
    raw(set, "trailing-line-feed", "a line feed more", &more(b"\n"), Trailing);
    raw(set, "trailing-bundle", "another bundle behind", &more(&Raw::new().bytes()), Trailing);
    let whole = Raw::new();
    for (name, keep) in [("in-header", 3), ("in-tables", 10), ("before-keys", 14), ("before-removed", 15)] {
        let mut cut = whole.clone();
        cut.items.truncate(keep);
        raw(set, &format!("cut-{name}"), "it ends too early", &cut, Truncated);
    }
    let mut cut = whole.clone();
    let half = cut.items[at::KEYS].len() / 2;
    cut.items.truncate(at::REMOVED);
    cut.items[at::KEYS].truncate(half);
    raw(set, "cut-in-keys", "it ends within a key", &cut, Truncated);
}
