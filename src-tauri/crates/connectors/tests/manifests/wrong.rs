use std::fmt::Write as _;

use latchkey_connectors::manifest::{MAX_BYTES, read};

use crate::RIGHT;

/// What is written instead of what, the line that is named, and what is said there.
const TABLE: &[(&str, &str, usize, &str)] = &[
    // The format.
    (r#""manifest": 1"#, r#""manifest": 2"#, 2, "version 2 of the format is not known here"),
    (r#""manifest": 1"#, r#""newer": true, "manifest": 7"#, 2, "version 7 of the format"),
    (r#""manifest": 1"#, r#""manifest": "1""#, 2, "invalid type: string"),
    (r#"  "manifest": 1,"#, "", 46, "missing field `manifest`"),
    (r#""id": "acme""#, r#""id": "Acme""#, 3, "`Acme` is no identifier"),
    (r#""id": "acme""#, r#""id": "../acme""#, 3, "is no identifier"),
    (r#""name": "Acme""#, r#""nmae": "Acme""#, 4, "unknown field `nmae`"),
    (r#""name": "Acme""#, r#""name": ["Acme"]"#, 4, "invalid type: sequence"),
    (r#""name": "Acme""#, r#""name": "Acme", "name": "Acme""#, 4, "duplicate field `name`"),
    (r#""name": "Acme""#, r#""name": "Acme""#, 0, ""),
    (r#""name": "Acme","#, r#""name": "Acme""#, 5, "expected `,` or `}`"),
    (r#""method": "POST""#, r#""method": "PUSH""#, 30, "unknown variant `PUSH`"),
    (r#""kind": "pages""#, r#""kind": "chapters""#, 27, "unknown variant `chapters`"),
    (r#""means": "expired""#, r#""means": "tired""#, 39, "unknown variant `tired`"),
    (r#""status": "4xx""#, r#""status": 99"#, 39, "99 is no status"),
    // Texts.
    (r#""name": "Acme""#, r#""name": " ""#, 4, "nothing stands here"),
    (r#""about": "Keys of a test.""#, "\"about\": \"Keys \u{202e}of\"", 5, "invisible"),
    (r#""label": "Team""#, r#""label": "Team", "help": "a\u0007b""#, 12, "invisible"),
    (r#""name": "Read""#, r#""name": """#, 20, "nothing stands here"),
    (r#"["Mind the step."]"#, r#"["Mind the step.", ""]"#, 45, "nothing stands here"),
    (r#"["Sign in."]"#, "[]", 43, "no step"),
    (r#""page": "https://acme.example.com/keys""#, r#""page": "http://acme.example.com""#, 6, "begins with https://"),
    (r#""url": "https://acme.example.com""#, r#""url": "acme""#, 10, "begins with https://"),
    (r#""page": "/keys", "steps""#, r#""page": "keys", "steps""#, 43, "begins with a slash"),
    (r#""page": "/keys", "steps""#, r#""page": "/{id}", "steps""#, 43, "has no place here"),
    // Placeholders.
    (r#""name": "{name}""#, r#""name": "{nmae}""#, 32, "`{nmae}` stands for nothing that Latchkey knows"),
    (r#""name": "{name}""#, r#""name": "{name""#, 32, "a brace without its other one"),
    (r#""name": "{name}""#, r#""name": ["{id}"]"#, 32, "has no place here"),
    (r#""name": "{name}""#, r#""name": "{option.place}""#, 32, "no option `place` is asked for"),
    (r#""name": "{name}""#, r#""name": "{credential.pin}""#, 32, "no credential `pin` is asked for"),
    (r#""X-API-Key": "{secret}""#, r#""X-API-Key": "{name}""#, 14, "has no place here"),
    (r#""path": "/self""#, r#""path": "/self/{secret}""#, 35, "has no place here"),
    (r#""path": "/self""#, r#""path": "/self", "query": { "key": "{secret}" }"#, 35, "has no place here"),
    (r#""path": "/self""#, r#""path": "/self", "headers": { "X": "{credential.key}" }"#, 35, "has no place here"),
    (r#""check": {"#, r#""check_throttled": {"#, 35, "no `check` that it could stand in for"),
    (r#""check": {"#, r#""check_throttled": { "method": "POST", "path": "/" }, "check": {"#, 35, "only reads"),
    (r#""page": "{page}""#, r#""page": "{offset}""#, 26, "has no place here"),
    (r#""query": { "page": "{page}" },"#, "", 27, "`{page}` stands nowhere in the request"),
    // Paths and headers.
    (r#""path": "/self""#, r#""path": "self""#, 35, "begins with a slash"),
    (r#""path": "/self""#, r#""path": "//evil.example.com/self""#, 35, "lead elsewhere"),
    (r#""path": "/self""#, r#""path": "/a/../self""#, 35, "lead elsewhere"),
    (r#""path": "/self""#, r#""path": "/a/%2E%2e/self""#, 35, "a full stop"),
    (r#""path": "/self""#, r#""path": "/a/.\t./self""#, 35, "percent-encoded"),
    (r#""path": "/self""#, r#""path": "/self?all=1""#, 35, "does not have '?'"),
    (r#""path": "/self""#, r#""path": "/100%/self""#, 35, "the two digits"),
    (r#""X-API-Key": "{secret}""#, r#""Host": "{secret}""#, 14, "Latchkey writes the header `Host` itself"),
    (r#""X-API-Key": "{secret}""#, r#""content-length": "{secret}""#, 14, "itself"),
    (r#""X-API-Key": "{secret}""#, r#""X API": "{secret}""#, 14, "no name of a header"),
    (r#""X-API-Key": "{secret}""#, r#""X-API-Key": "{secret}\nX: y""#, 14, "ASCII"),
    // What does not go together.
    (
        r#"{ "id": "team", "label": "Team" }"#,
        r#"{ "id": "team", "label": "A" }, { "id": "team", "label": "B" }"#,
        12,
        "`team` is there twice",
    ),
    (
        r#"{ "id": "read", "name": "Read" }"#,
        r#"{ "id": "a", "name": "A" }, { "id": "a", "name": "B" }"#,
        20,
        "`a` is there twice",
    ),
    (r#""label": "Key" }"#, r#""label": "Key", "default": "x" }"#, 13, "a credential has no default"),
    (
        r#"{ "id": "key", "label": "Key" }"#,
        r#"{ "id": "client-certificate", "label": "K" }"#,
        13,
        "belongs to the connection",
    ),
    (r#"{ "id": "key", "label": "Key" }"#, r#"{ "id": "proxy", "label": "K" }"#, 13, "belongs to the connection"),
    (r#""credentials": [{ "id": "key", "label": "Key" }],"#, "", 1, "the requests need a credential"),
    (r#""X-API-Key": "{secret}""#, r#""X-API-Key": "{credential.key}""#, 35, "nothing is checked"),
    (r#""pattern": "^ac-\\w{20}$""#, r#""pattern": "^(ac""#, 15, "no regular expression"),
    (r#""pattern": "^ac-\\w{20}$""#, r#""pattern": "((a{99}){99}){99}""#, 15, "no regular expression"),
    (r#""name_min": 1"#, r#""name_min": 51"#, 17, "longer than the longest"),
    (r#""name_max": 50"#, r#""name_max": 50, "longest_days": 0"#, 18, "at least a day"),
    (r#""most": 5"#, r#""most": 0"#, 41, "at least 1 request"),
    (r#""status": "4xx", "text": "over", "means""#, r#""means""#, 39, "the rule fits every answer"),
    (r#""text": "over""#, r#""text": """#, 39, "nothing stands here"),
    (r#""text": "over""#, r#""equals": { "code": 1 }"#, 39, "`code` is no JSON Pointer"),
    (r#""id": "/id""#, r#""id": "id""#, 37, "begins with a slash"),
    (r#""id": "/id""#, r#""id": "/a~b""#, 37, "a tilde is written `~0`"),
    (r#"  "key": { "id": "/id", "secret": "/secret" },"#, "", 22, "`key` does not say where their facts are"),
    (r#", "secret": "/secret""#, "", 37, "`secret` does not say where their text is"),
    (r#""method": "POST","#, r#""method": "GET","#, 32, "a GET has no body"),
    (r#""method": "DELETE""#, r#""method": "GET""#, 34, "`revoke` changes something, so it is no GET"),
    (
        r#""method": "GET", "path": "/self""#,
        r#""method": "POST", "path": "/self""#,
        35,
        "`check` only reads, so it is a GET",
    ),
    (r#""size": 100"#, r#""size": 0"#, 27, "at least one key"),
    (
        r#""path": "/self""#,
        r#""path": "/self", "paging": { "kind": "next", "at": "/a" }"#,
        35,
        "only `list` comes in pages",
    ),
    (
        r#""revoke": { "#,
        r#""enable": { "method": "PUT", "path": "/{id}" }, "revoke": { "#,
        22,
        "`enable` and `disable` come together",
    ),
];

#[test]
fn what_is_wrong_is_said_with_its_line() {
    read(RIGHT.as_bytes()).unwrap();
    let mut differs = String::new();
    for (right, wrong, line, says) in TABLE {
        assert_eq!(RIGHT.matches(right).count(), 1, "{right}");
        let read = read(RIGHT.replace(right, wrong).as_bytes());
        let said = match &read {
            Ok(_) if *line == 0 => continue,
            Ok(_) => "nothing".to_owned(),
            Err(problem) if problem.line == *line && problem.message.contains(says) => continue,
            Err(problem) => problem.to_string(),
        };
        writeln!(differs, "{wrong}\n  expected: line {line}: {says}\n  said: {said}").unwrap();
    }
    assert!(differs.is_empty(), "{differs}");
}

#[test]
fn a_creation_needs_a_list_to_look_for_lost_keys() {
    let (before, rest) = RIGHT.split_once("    \"list\": {").unwrap();
    let (_, after) = rest.split_once("    \"create\"").unwrap();
    let problem = read(format!("{before}    \"create\"{after}").as_bytes()).unwrap_err();
    assert_eq!((problem.line, problem.message.contains("`create` needs `list`")), (23, true), "{problem}");
}

#[test]
fn what_is_no_manifest_at_all_is_refused() {
    for (bytes, says) in [
        (b"".to_vec(), "EOF"),
        (b"\xff\xfe{\0".to_vec(), "not UTF-8"),
        (b"[]".to_vec(), "invalid"),
        (b"null".to_vec(), "invalid"),
        (vec![b' '; MAX_BYTES + 1], "more than 256 KiB"),
        ("[".repeat(MAX_BYTES).into_bytes(), "invalid"),
        (RIGHT.replace(r#""{name}""#, &format!("{}{}", "[".repeat(200), "]".repeat(200))).into_bytes(), "recursion"),
        (format!("{RIGHT} trailing").into_bytes(), "trailing"),
    ] {
        let problem = read(&bytes).unwrap_err();
        assert!(problem.message.contains(says) && problem.line > 0, "{says}: {problem}");
    }
    read(format!("\u{feff}{RIGHT}").as_bytes()).unwrap();
    let at = read(format!("\u{feff}{}", RIGHT.replace("Acme", " ")).as_bytes()).unwrap_err();
    assert_eq!((at.line, at.column), (4, 11), "the mark at its beginning is no character");
}
