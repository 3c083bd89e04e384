//! Manifests of vendors where somebody signs in.

use std::fmt::Write as _;

use latchkey_connectors::manifest::{Session, read};

/// A manifest in which there is nothing wrong.
const SIGNED: &str = r#"{
  "manifest": 1,
  "id": "harbour",
  "name": "Harbour",
  "about": "Keys of a test.",
  "template": "blank",
  "caution": "It may break.",
  "address": { "label": "Server", "example": "https://harbour.example.com" },
  "options": [{ "id": "team", "label": "Team" }],
  "authentication": { "Authorization": "{secret}" },
  "session": {
    "questions": [
      { "id": "user", "label": "User", "kind": "text" },
      { "id": "pin", "label": "PIN", "kind": "secret", "optional": true, "help": "Six digits." }
    ],
    "steps": [
      { "request": { "method": "GET", "path": "/begin" }, "captures": { "nonce": "/nonce" } },
      {
        "request": { "method": "POST", "path": "/enter",
          "headers": { "X-Nonce": "{captured.nonce}" },
          "body": { "user": "{answer.user}", "pin": ["{answer.pin}"] } }
      }
    ],
    "cookies": ["sid"],
    "holds": { "method": "GET", "path": "/me", "done": "/yes" },
    "choices": [
      { "option": "team", "request": { "method": "GET", "path": "/teams" },
        "id": "/id", "role": "/role", "roles": ["boss"], "refused": "Only a boss may." }
    ],
    "sign_out": { "method": "POST", "path": "/leave" }
  },
  "draft": { "name_min": 1, "name_max": 50, "no_api_sets": "nothing",
    "ends": [{ "send": null }, { "days": 7, "send": "WEEK" }] },
  "requests": {
    "list": { "method": "GET", "path": "/{option.team}/keys" },
    "create": { "method": "POST", "path": "/{option.team}/keys", "body": { "end": "{expires_choice}" } },
    "check": { "method": "GET", "path": "/self" }
  },
  "key": { "id": "/id", "secret": "/secret" },
  "answers": [
    { "requests": ["sign_in"], "status": 403, "means": "wrong", "question": "pin" }
  ],
  "limits": [{ "requests": ["sign_in", "choices"], "most": 5, "seconds": 900 }]
}
"#;

/// What is written instead of what, the line that is named, and what is said there.
const TABLE: &[(&str, &str, usize, &str)] = &[
    (r#""caution": "It may break.""#, r#""caution": " ""#, 7, "nothing stands here"),
    (r#""label": "PIN""#, r#""label": """#, 14, "nothing stands here"),
    (r#""help": "Six digits.""#, "\"help\": \"Six \u{202e}digits\"", 14, "invisible"),
    (r#""refused": "Only a boss may.""#, r#""refused": """#, 28, "nothing stands here"),
    (r#""kind": "text""#, r#""kind": "picture""#, 13, "unknown variant `picture`"),
    (r#""cookies": ["sid"]"#, r#""biscuits": ["sid"]"#, 24, "unknown field `biscuits`"),
    (r#""cookies": ["sid"]"#, r#""cookies": []"#, 24, "at least one"),
    (r#""cookies": ["sid"]"#, r#""cookies": ["s id"]"#, 24, "no name of a cookie"),
    (r#""id": "pin""#, r#""id": "user""#, 14, "`user` is there twice"),
    (r#""user": "{answer.user}""#, r#""user": "{answer.usr}""#, 21, "no question `usr` is asked"),
    (r#""path": "/enter""#, r#""path": "/enter/{answer.user}""#, 19, "has no place here"),
    (r#""{captured.nonce}""#, r#""{captured.once}""#, 20, "has no place here"),
    (r#""path": "/begin" }"#, r#""path": "/begin", "headers": { "X": "{captured.nonce}" } }"#, 17, "no place here"),
    (r#""path": "/me""#, r#""path": "/me", "headers": { "X": "{answer.user}" }"#, 25, "has no place here"),
    (r#""X-Nonce""#, r#""Cookie""#, 20, "writes the cookies of a session itself"),
    (r#""Authorization": "{secret}""#, r#""cookie": "{secret}""#, 10, "writes the cookies of a session itself"),
    (
        r#""path": "/begin" }"#,
        r#""path": "/begin", "query": { "t": "{option.team}" } }"#,
        17,
        "before the option is chosen",
    ),
    (r#""pin": ["{answer.pin}"]"#, r#""pin": "{option.team}""#, 19, "before the option is chosen"),
    (
        r#""method": "GET", "path": "/me""#,
        r#""method": "POST", "path": "/me""#,
        25,
        "`session` only reads, so it is a GET",
    ),
    (r#""method": "GET", "path": "/teams""#, r#""method": "PUT", "path": "/teams""#, 27, "`choices` only reads"),
    (
        r#""method": "POST", "path": "/leave""#,
        r#""method": "GET", "path": "/leave""#,
        30,
        "`sign_out` changes something",
    ),
    (r#"{ "option": "team""#, r#"{ "option": "place""#, 27, "no option `place` is asked for"),
    (r#""label": "Team" }"#, r#""label": "Team", "default": "7" }"#, 9, "has no default"),
    (r#""role": "/role", "#, "", 28, "`role` does not say where the role is"),
    (
        r#""authentication""#,
        r#""credentials": [{ "id": "key", "label": "Key" }], "authentication""#,
        10,
        "in place of credentials",
    ),
    (r#""send": "WEEK""#, r#""send": "WEEK" }, { "days": 7, "send": "7""#, 33, "no end twice"),
    (r#"{ "days": 7,"#, r#"{ "days": 7, "least": 8, "most": 9,"#, 33, "within `least` and `most`"),
    (r#"{ "days": 7,"#, r#"{ "days": 0,"#, 33, "at least a day"),
    (r#"{ "send": null }"#, r#"{ "send": null, "most": 7 }"#, 33, "within `least` and `most`"),
    (r#"{ "send": null }"#, r#"{ "days": 9, "least": 7, "most": 9, "send": null }"#, 33, "no end twice"),
    (r#", "question": "pin""#, "", 41, "`question` does not say which answer"),
    (r#""question": "pin""#, r#""question": "code""#, 41, "no question `code` is asked"),
    (r#""means": "wrong""#, r#""means": "expired""#, 41, "only what is `wanted` or `wrong`"),
    (r#"{ "requests": ["sign_in"], "status""#, r#"{ "status""#, 41, "about `sign_in` alone"),
];

#[test]
fn what_is_wrong_with_signing_in_is_said_with_its_line() {
    read(SIGNED.as_bytes()).unwrap();
    let mut differs = String::new();
    for (right, wrong, line, says) in TABLE {
        assert_eq!(SIGNED.matches(right).count(), 1, "{right}");
        let said = match read(SIGNED.replace(right, wrong).as_bytes()) {
            Ok(_) => "nothing".to_owned(),
            Err(problem) if problem.line == *line && problem.message.contains(says) => continue,
            Err(problem) => problem.to_string(),
        };
        writeln!(differs, "{wrong}\n  expected: line {line}: {says}\n  said: {said}").unwrap();
    }
    assert!(differs.is_empty(), "{differs}");
}

#[test]
fn an_end_by_its_name_stands_where_there_are_names() {
    let problem =
        read(SIGNED.replace(r#"{ "send": null }, { "days": 7, "send": "WEEK" }"#, "").as_bytes()).unwrap_err();
    assert!(problem.message.contains("`{expires_choice}` has a placeholder that has no place here"), "{problem}");
}

#[test]
fn questions_and_choices_are_found_by_their_names() {
    let manifest = read(SIGNED.as_bytes()).unwrap();
    let session: Session = manifest.session.unwrap();
    assert!(session.question("pin").is_some_and(|question| question.optional));
    assert!(session.choice("team").is_some() && session.choice("user").is_none());
}
