//! Manifests: what is refused and where, and the folder with the user's own.
#![allow(clippy::unwrap_used)]

mod schema;
mod session;
mod shelf;
mod wrong;

/// A manifest in which there is nothing wrong.
const RIGHT: &str = r#"{
  "manifest": 1,
  "id": "acme",
  "name": "Acme",
  "about": "Keys of a test.",
  "page": "https://acme.example.com/keys",
  "address": {
    "label": "Server",
    "example": "https://acme.example.com",
    "known": [{ "name": "Cloud", "url": "https://acme.example.com" }]
  },
  "options": [{ "id": "team", "label": "Team" }],
  "credentials": [{ "id": "key", "label": "Key" }],
  "authentication": { "X-API-Key": "{secret}" },
  "secret": { "pattern": "^ac-\\w{20}$", "strip": ["Bearer "] },
  "draft": {
    "name_min": 1,
    "name_max": 50,
    "no_api_sets": "nothing",
    "api_sets": [{ "id": "read", "name": "Read" }]
  },
  "requests": {
    "list": {
      "method": "GET",
      "path": "/keys",
      "query": { "page": "{page}" },
      "paging": { "kind": "pages", "size": 100 }
    },
    "create": {
      "method": "POST",
      "path": "/keys",
      "body": { "name": "{name}" }
    },
    "revoke": { "method": "DELETE", "path": "/{option.team}/keys/{id}" },
    "check": { "method": "GET", "path": "/self" }
  },
  "key": { "id": "/id", "secret": "/secret" },
  "answers": [
    { "status": "4xx", "text": "over", "means": "expired" }
  ],
  "limits": [{ "most": 5, "seconds": 900 }],
  "guide": {
    "create": { "page": "/keys", "steps": ["Sign in."] }
  },
  "traps": ["Mind the step."]
}
"#;
