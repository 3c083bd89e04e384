//! Files that must be believed.

use std::sync::Arc;

use latchkey_verify::issue::{Draft, DraftKey};
use latchkey_verify::limits::{MAX_NUMBER, MAX_TIME};
use latchkey_verify::{Access, Error, KeyStatus, Reason};

use super::raw::Raw;
use super::set::{
    EXPIRES, Expected, ISSUED, NOW, Set, Step, TENANT, Text, decide, delta, full, ids, is_refused, is_valid, key,
    key_of, signed, take, text, text_with,
};

pub(crate) fn add(set: &mut Set) {
    fields(set);
    keys(set);
    accesses(set);
    forms(set);
    deltas(set);
    signature_files(set);
}

/// A full bundle, and what is decided by it.
fn one(set: &mut Set, name: &str, says: &str, draft: &Draft, mut decisions: Vec<Step>) {
    let file = set.file(name, signed(draft));
    decisions.insert(0, take(&file, Ok(())));
    set.valid(name, says, decisions);
}

fn unknown(handle: &str, sequence: u64) -> Expected {
    is_refused(Reason::Unknown, Some(handle), sequence)
}

fn fields(set: &mut Set) {
    let a = key("aaaaaaaa");
    let ask = |sequence| decide(&text("aaaaaaaa"), NOW, is_valid(&key("aaaaaaaa"), sequence));
    let nobody = vec![decide(&text("aaaaaaaa"), NOW, unknown("aaaaaaaa", 42))];
    one(set, "no-keys", "a tenant without keys", &full(vec![]), nobody);
    one(set, "one-key", "one key that may do nothing", &full(vec![a.clone()]), vec![ask(42)]);
    let mut draft = full(vec![a.clone()]);
    draft.name = "Hafen Süd 港 ⚓".into();
    one(set, "name-beyond-ascii", "a name in several scripts", &draft, vec![ask(42)]);
    draft.name = "ü".repeat(400);
    one(set, "name-longest", "a name of 800 bytes", &draft, vec![ask(42)]);
    draft = Draft { sequence: 0, ..full(vec![a.clone()]) };
    one(set, "sequence-zero", "the sequence of a new tenant", &draft, vec![ask(0)]);
    for (name, sequence) in
        [("23", 23), ("24", 24), ("255", 255), ("256", 256), ("65536", 65_536), ("4294967296", 1 << 32)]
    {
        draft.sequence = sequence;
        one(set, &format!("sequence-{name}"), "a number at the edge of an encoding", &draft, vec![ask(sequence)]);
    }
    draft.sequence = MAX_NUMBER;
    one(set, "sequence-greatest", "the greatest sequence", &draft, vec![ask(MAX_NUMBER)]);
    draft = Draft { expires: MAX_TIME, ..full(vec![a.clone()]) };
    one(set, "expires-last", "until the end of the year 9999", &draft, vec![ask(42)]);
    draft = Draft { issued: 0, expires: 1, ..full(vec![a]) };
    let valid = decide(&text("aaaaaaaa"), 0, is_valid(&key("aaaaaaaa"), 42));
    one(set, "issued-first", "for one second of 1970", &draft, vec![valid, over("aaaaaaaa", 1)]);
}

fn over(handle: &str, at: u64) -> Step {
    decide(&text(handle), at, is_refused(Reason::BundleExpired, Some(handle), 42))
}

fn keys(set: &mut Set) {
    let with = |handle: &str, change: &dyn Fn(&mut DraftKey)| {
        let mut key = key(handle);
        change(&mut key);
        key
    };
    let refused = |handle: &str, at, reason| decide(&text(handle), at, is_refused(reason, Some(handle), 42));
    let valid = |key: &DraftKey, at| decide(&text(key.handle.as_str()), at, is_valid(key, 42));

    let (active, off) = (key("Active00"), with("Disabled", &|key| key.status = KeyStatus::Disabled));
    let revoked = with("Revoked0", &|key| key.status = KeyStatus::Revoked);
    let steps = vec![
        valid(&active, NOW),
        refused("Disabled", NOW, Reason::Disabled),
        refused("Revoked0", NOW, Reason::Revoked),
        decide(&text("Unknown0"), NOW, unknown("Unknown0", 42)),
    ];
    one(set, "statuses", "active, disabled, revoked, and none of them", &full(vec![active, off, revoked]), steps);

    let ends = with("Ends0000", &|key| key.expires = Some(NOW));
    let begins = with("Begins00", &|key| key.not_before = Some(NOW));
    let draft = full(vec![ends.clone(), begins.clone()]);
    let steps = vec![
        valid(&ends, NOW - 1),
        refused("Ends0000", NOW, Reason::Expired),
        refused("Ends0000", NOW + 1, Reason::Expired),
        refused("Begins00", NOW - 1, Reason::NotYetValid),
        valid(&begins, NOW),
    ];
    one(set, "key-begins-and-ends", "the first second and the first second after", &draft, steps);

    let long_over = |key: &mut DraftKey| (key.not_before, key.expires) = (Some(NOW + 9), Some(ISSUED));
    let both = |status| {
        move |key: &mut DraftKey| {
            long_over(key);
            key.status = status;
        }
    };
    let (one_, two, three) = (
        with("Revoked1", &both(KeyStatus::Revoked)),
        with("Disabled", &both(KeyStatus::Disabled)),
        with("Expired0", &both(KeyStatus::Active)),
    );
    let early = with("Early000", &|key| key.not_before = Some(EXPIRES + 9));
    let steps = vec![
        refused("Revoked1", EXPIRES, Reason::Revoked),
        refused("Disabled", EXPIRES, Reason::Disabled),
        refused("Expired0", EXPIRES, Reason::Expired),
        refused("Early000", EXPIRES, Reason::NotYetValid),
        decide(&text("Unknown0"), EXPIRES, unknown("Unknown0", 42)),
        decide("lk_", EXPIRES, is_refused(Reason::Malformed, None, 42)),
    ];
    one(set, "order-of-reasons", "what lasts goes before what passes", &full(vec![one_, two, three, early]), steps);

    let a = key("aaaaaaaa");
    let steps = vec![valid(&a, EXPIRES - 1), over("aaaaaaaa", EXPIRES), over("aaaaaaaa", EXPIRES + 1)];
    one(set, "bundle-ends", "no key is valid when the bundle is over", &full(vec![a.clone()]), steps);
    let handles = ["00000000", "99999999", "AAAAAAAA", "ZZZZZZZZ", "aaaaaaaa", "zzzzzzzz"];
    let steps = handles.iter().map(|handle| valid(&key(handle), NOW)).collect();
    one(set, "order-of-handles", "digits, capitals, small letters", &full(handles.map(key).to_vec()), steps);
    let many: Vec<DraftKey> = (0..24).map(|number| key(&format!("many{number:04}"))).collect();
    let steps = vec![valid(&many[0], NOW), valid(&many[23], NOW)];
    one(set, "keys-24", "as many as need another byte for their count", &full(many), steps);
    let ends = with("Ends9999", &|key| (key.not_before, key.expires) = (Some(0), Some(MAX_TIME)));
    let steps = vec![valid(&ends, NOW)];
    one(set, "key-greatest-times", "from 1970 to the year 9999", &full(vec![ends]), steps);
}

fn accesses(set: &mut Set) {
    let with = |handle: &str, access: Access| DraftKey { access: Arc::new(access), ..key(handle) };
    let mut named = |name: &str, says: &str, keys: Vec<DraftKey>| {
        let ask = |key: &DraftKey| decide(&text(key.handle.as_str()), NOW, is_valid(key, 42));
        let steps = keys.iter().map(ask).collect();
        one(set, name, says, &full(keys), steps);
    };
    let sets = |list: &[&str]| Access { api_sets: ids(list), ..Access::default() };
    named("everything", "a key without limits", vec![with("aaaaaaaa", Access { everything: true, ..sets(&[]) })]);
    named("api-sets", "several API sets", vec![with("aaaaaaaa", sets(&["Billing", "files:read", "files:write"]))]);
    let own = Access { organization: Some("north".into()), ..sets(&[]) };
    named("organization", "a key of an organization", vec![with("aaaaaaaa", own)]);
    let all = Access {
        everything: true,
        organization: Some("süd".into()),
        groups: ids(&["admins", "publishers"]),
        permissions: ids(&["publish", "read"]),
        ..sets(&["*"])
    };
    let groups = Access { groups: ids(&["publishers"]), permissions: ids(&["publish"]), ..sets(&["Billing"]) };
    named(
        "all-of-it",
        "everything that an access can have",
        vec![with("aaaaaaaa", all.clone()), with("bbbbbbbb", groups)],
    );
    let shared = ["aaaaaaaa", "bbbbbbbb", "cccccccc"].map(|handle| with(handle, all.clone()));
    named("access-shared", "three keys that may do the same", shared.to_vec());
    let many: Vec<String> = (0..300).map(|number| format!("s{number:03}")).collect();
    let edges = ["s000", "s023", "s024", "s255", "s256", "s299"];
    let rest: Vec<&str> = many.iter().map(String::as_str).collect();
    named(
        "api-sets-300",
        "indexes of one to three bytes",
        vec![with("aaaaaaaa", sets(&rest)), with("bbbbbbbb", sets(&edges))],
    );
    named(
        "id-byte-order-mark",
        "an identifier that begins like a file",
        vec![with("aaaaaaaa", sets(&["\u{feff}Billing"]))],
    );
    let sorted = sets(&["\u{ff61}", "\u{10400}"]);
    named("ids-by-bytes", "identifiers whose order is another one in UTF-16", vec![with("aaaaaaaa", sorted)]);
    let longest = "i".repeat(255);
    named("id-longest", "an identifier of 255 bytes", vec![with("aaaaaaaa", sets(&[&longest]))]);
    let steps =
        vec![take("raw", Ok(())), decide(&text("aaaaaaaa"), NOW, is_valid(&with("aaaaaaaa", sets(&["billing"])), 42))];
    set.file("raw", Raw::new().signed());
    set.valid("raw", "what the malicious files are made of, untouched", steps);
    let spare = Raw::new().with(super::raw::at::API_SETS, super::raw::texts(&["billing", "files", "spare"]));
    set.file("table-with-spare", spare.signed());
    set.valid(
        "table-with-spare",
        "a table may have an entry that no access uses",
        vec![take("table-with-spare", Ok(()))],
    );
}

fn forms(set: &mut Set) {
    let malformed = |text: &str| decide(text, NOW, is_refused(Reason::Malformed, None, 42));
    let hex = "0123456789abcdef0123456789abcdef";
    let sk = format!("sk-{hex}{hex}");
    let keys = vec![key_of("Hex32000", hex), key_of("SkHex640", &sk)];
    let steps = vec![
        decide(hex, NOW, is_valid(&keys[0], 42)),
        decide(&sk, NOW, is_valid(&keys[1], 42)),
        decide(&hex.replace('0', "1"), NOW, is_refused(Reason::Unknown, None, 42)),
        decide(&sk.replace('0', "1"), NOW, is_refused(Reason::Unknown, None, 42)),
        malformed(&hex.to_uppercase()),
        malformed(&sk.to_uppercase()),
        malformed(&hex[1..]),
        malformed(&format!("{hex}0")),
    ];
    one(set, "forms-hex", "keys in other systems' forms", &full(keys), steps);

    let own = text("aaaaaaaa");
    let steps = vec![
        malformed(""),
        malformed("a"),
        malformed(&own[..own.len() - 1]),
        malformed(&format!("{own}0")),
        malformed(&format!(" {own}")),
        malformed(&format!("{own}\n")),
        malformed(&own.replace("lk_", "LK_")),
        malformed(&own.replace("lk_", "_")),
        malformed(&own.replace("_a", "-a")),
        malformed(&own.replace("aaaaaaaa", "aaaabaaa")),
        malformed(&own.replace("aaaaaaaa", "aaaäaaa")),
        malformed(&text_with("seventeen00000000", "aaaaaaaa")),
        decide(&text_with("x", "aaaaaaaa"), NOW, unknown("aaaaaaaa", 42)),
    ];
    one(set, "forms-malformed", "texts that are no key", &full(vec![key("aaaaaaaa")]), steps);
    let (short, long) = (text_with("0", "Short000"), text_with("sixteen000000000", "Long0000"));
    let keys = vec![key_of("Short000", &short), key_of("Long0000", &long)];
    let steps = vec![decide(&short, NOW, is_valid(&keys[0], 42)), decide(&long, NOW, is_valid(&keys[1], 42))];
    one(set, "forms-prefix", "prefixes of one and of 16 characters", &full(keys), steps);

    let repeated = |times| "k".repeat(times);
    let ask = |times, expect| Step::Decide { decide: Text::Repeated { repeat: "k".into(), times }, at: NOW, expect };
    let ghp = "ghp_Schlüssel§9";
    let texts = [ghp.to_owned(), repeated(8), repeated(4_096), repeated(7), repeated(4_097)];
    let handles = ["Foreign0", "Foreign1", "Foreign2", "Foreign3", "Foreign4"];
    let keys: Vec<_> = handles.iter().zip(&texts).map(|(handle, text)| key_of(handle, text)).collect();
    let no = || is_refused(Reason::Malformed, None, 42);
    let steps = vec![
        decide(ghp, NOW, is_valid(&keys[0], 42)),
        ask(8, is_valid(&keys[1], 42)),
        ask(4_096, is_valid(&keys[2], 42)),
        ask(7, no()),
        ask(4_097, no()),
        ask(9, no()),
        decide(&text("Unknown0"), NOW, unknown("Unknown0", 42)),
    ];
    one(
        set,
        "forms-foreign",
        "keys from elsewhere, of 8 to 4096 bytes",
        &Draft { foreign: true, ..full(keys.clone()) },
        steps,
    );
    let steps = vec![malformed(ghp), ask(8, no())];
    one(set, "forms-not-foreign", "a bundle that says it has none", &full(keys), steps);
}

fn deltas(set: &mut Set) {
    let ask = |handle: &str, sequence| decide(&text(handle), NOW, is_valid(&key(handle), sequence));
    let gone = |handle: &str, sequence| decide(&text(handle), NOW, unknown(handle, sequence));
    let base = set.file("abc", signed(&full(["aaaaaaaa", "bbbbbbbb", "cccccccc"].map(key).to_vec())));
    let mut chain = |name: &str, says: &str, drafts: &[Draft], decisions: Vec<Step>| {
        let mut steps = vec![take(&base, Ok(()))];
        for (place, draft) in drafts.iter().enumerate() {
            let name = if place == 0 { name.to_owned() } else { format!("{name}-{place}") };
            steps.push(take(&set.file(&name, signed(draft)), Ok(())));
        }
        steps.extend(decisions);
        set.valid(name, says, steps);
    };
    let adds = delta(42, 43, vec![key("dddddddd")], &[], 4);
    chain("delta-adds", "a new key", std::slice::from_ref(&adds), vec![ask("aaaaaaaa", 43), ask("dddddddd", 43)]);
    let off = DraftKey { status: KeyStatus::Revoked, ..key("bbbbbbbb") };
    let refused = decide(&text("bbbbbbbb"), NOW, is_refused(Reason::Revoked, Some("bbbbbbbb"), 43));
    let revokes = delta(42, 43, vec![off], &[], 3);
    chain(
        "delta-revokes",
        "a key that was revoked",
        &[revokes],
        vec![ask("aaaaaaaa", 43), refused, ask("cccccccc", 43)],
    );
    let removes = delta(42, 44, vec![], &["aaaaaaaa", "bbbbbbbb"], 1);
    let steps = vec![gone("aaaaaaaa", 44), gone("bbbbbbbb", 44), ask("cccccccc", 44)];
    chain("delta-removes", "keys that were deleted", std::slice::from_ref(&removes), steps);
    let steps = vec![gone("aaaaaaaa", 50), ask("cccccccc", 50), ask("dddddddd", 50)];
    let since = delta(40, 50, vec![key("dddddddd")], &["aaaaaaaa", "bbbbbbbb", "zzzzzzzz"], 2);
    chain(
        "delta-since-earlier",
        "a base before the bundle; a handle that came and went",
        std::slice::from_ref(&since),
        steps,
    );
    let steps = vec![gone("aaaaaaaa", 50), ask("dddddddd", 50)];
    chain(
        "delta-chain",
        "one after another, and the last once more",
        &[adds, removes_to(45), since.clone(), since],
        steps,
    );
    let renews = delta(42, 42, vec![], &[], 3);
    let late = decide(&text("aaaaaaaa"), EXPIRES + 3_599, is_valid(&key("aaaaaaaa"), 42));
    let over = over("aaaaaaaa", EXPIRES + 3_600);
    chain("delta-renews", "nothing happened, and it lasts longer", &[renews], vec![late, over]);
    let mut reborn = key_of("aaaaaaaa", "ignored");
    reborn.digest = key("eeeeeeee").digest;
    let swap = delta(42, 43, vec![reborn.clone()], &[], 3);
    let found = decide(&text("eeeeeeee"), NOW, is_valid(&reborn, 43));
    chain("delta-new-digest", "a handle with another key", &[swap], vec![gone("aaaaaaaa", 43), found]);
    let moved = DraftKey { handle: key("dddddddd").handle, ..key("aaaaaaaa") };
    let found = decide(&text("aaaaaaaa"), NOW, is_valid(&moved, 43));
    let renamed = delta(42, 43, vec![moved], &["aaaaaaaa"], 3);
    chain("delta-moves-digest", "a key whose handle changed", &[renamed], vec![found]);
    let access = Access { api_sets: ids(&["Billing"]), ..Access::default() };
    let may = DraftKey { access: Arc::new(access), ..key("aaaaaaaa") };
    let steps = vec![decide(&text("aaaaaaaa"), NOW, is_valid(&may, 43)), ask("bbbbbbbb", 43)];
    chain("delta-changes-access", "its tables are its own", &[delta(42, 43, vec![may], &[], 3)], steps);
    let foreign = Draft { foreign: true, ..delta(42, 43, vec![key_of("Foreign0", "ghp_12345678")], &[], 4) };
    let found = decide("ghp_12345678", NOW, is_valid(&key_of("Foreign0", "ghp_12345678"), 43));
    chain("delta-brings-foreign", "the first key from elsewhere", &[foreign], vec![found]);
    let newer = Draft { sequence: 43, issued: ISSUED + 60, ..full(vec![key("dddddddd")]) };
    chain("full-after-full", "a newer one in its place", &[newer], vec![gone("aaaaaaaa", 43), ask("dddddddd", 43)]);
    let longer = Draft { issued: ISSUED + 60, expires: EXPIRES + 60, ..full(vec![key("aaaaaaaa")]) };
    let late = decide(&text("aaaaaaaa"), EXPIRES + 59, is_valid(&key("aaaaaaaa"), 42));
    chain("full-lasts-longer", "the same sequence, issued later", &[longer], vec![late]);
    let repaired = Draft { sequence: 43, issued: ISSUED - 86_400, ..full(vec![key("aaaaaaaa")]) };
    let early = decide(&text("aaaaaaaa"), ISSUED - 86_400, is_valid(&key("aaaaaaaa"), 43));
    chain("clock-repaired", "the issuer's clock was ahead: the sequence counts", &[repaired], vec![early]);
    let dead = Draft { sequence: 43, issued: ISSUED + 60, expires: ISSUED + 61, ..full(vec![key("aaaaaaaa")]) };
    let over = decide(&text("aaaaaaaa"), NOW, is_refused(Reason::BundleExpired, Some("aaaaaaaa"), 43));
    chain("full-over-already", "it is taken over, and no key is valid by it", &[dead], vec![over]);
    chain(
        "full-again",
        "the same file once more",
        &[full(["aaaaaaaa", "bbbbbbbb", "cccccccc"].map(key).to_vec())],
        vec![ask("aaaaaaaa", 42)],
    );
}

fn removes_to(sequence: u64) -> Draft {
    delta(43, sequence, vec![], &["aaaaaaaa"], 3)
}

fn signature_files(set: &mut Set) {
    let (file, signature) = signed(&full(vec![key("aaaaaaaa")]));
    let (_, rest) = signature.split_once('\n').unwrap();
    let valid = || decide(&text("aaaaaaaa"), NOW, is_valid(&key("aaaaaaaa"), 42));
    let mut with = |name: &str, says: &str, signature: String| {
        set.file(name, (file.clone(), signature));
        set.valid(name, says, vec![take(name, Ok(())), valid()]);
    };
    with("signature-without-last-line-feed", "the last line may end with the file", signature.trim_end().to_owned());
    with(
        "signature-other-comment",
        "the untrusted comment says what it likes",
        format!("untrusted comment: ~ \n{rest}"),
    );
    let longest = "x".repeat(2_048 - rest.len() - 20);
    with("signature-longest", "2048 bytes", format!("untrusted comment: {longest}\n{rest}"));

    let clock = |at, expect| decide(&text("aaaaaaaa"), at, expect);
    let back = || Expected::None { error: Error::ClockSetBack.code().into() };
    let steps = vec![
        take("one-key", Ok(())),
        clock(ISSUED, is_valid(&key("aaaaaaaa"), 42)),
        clock(ISSUED - 300, is_valid(&key("aaaaaaaa"), 42)),
        clock(ISSUED - 301, back()),
        clock(0, back()),
        Step::Decide { decide: Text::Plain("no key".into()), at: 0, expect: back() },
    ];
    set.valid("clock", "a clock may be five minutes behind", steps);
    let ended = DraftKey { expires: Some(ISSUED), ..key("aaaaaaaa") };
    let steps = vec![clock(ISSUED - 200, is_refused(Reason::Expired, Some("aaaaaaaa"), 42))];
    one(set, "clock-at-issue", "the time is never before the bundle was issued", &full(vec![ended]), steps);
    let seen = Some(super::set::Seen { sequence: 42, issued: ISSUED });
    set.valid("restart", "what was seen before is no older", vec![take("one-key", Ok(())), valid()]);
    let case = set.valid.last_mut().unwrap();
    (case.tenant, case.seen) = (Some(TENANT.to_string()), seen);
}
