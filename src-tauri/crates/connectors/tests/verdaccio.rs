//! A server that nobody here wrote, driven by a manifest alone: verdaccio, a registry of packages with tokens.
//!
//! `.ci/setup` installs it beside this file; without it the test fails.
#![allow(clippy::unwrap_used, unreachable_pub)]

#[path = "servers/support/mod.rs"]
#[allow(dead_code, unused_imports)]
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{fs, thread};

use latchkey_app::ports::{Connectors, Outcome, Watch};
use latchkey_app::wire::CheckedKey;
use latchkey_app::wire::ErrorCode::RemoteCredential;
use latchkey_domain::secret::Secret;
use serde_json::{Value as Json, json};
use support::{Desk, Tenant, draft, fails};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery staple";

struct Verdaccio {
    process: Child,
    address: String,
    _folder: TempDir,
}

impl Verdaccio {
    fn start() -> Self {
        let installed =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdaccio/node_modules/verdaccio/bin/verdaccio");
        assert!(installed.is_file(), "{} is not there: `.ci/setup` installs it", installed.display());
        let folder = tempfile::tempdir().unwrap();
        let config = json!({
            "storage": "./storage",
            "web": { "enable": false },
            "auth": { "htpasswd": { "file": "./htpasswd" } },
            "packages": { "**": { "access": "$authenticated" } },
            "experiments": { "token": true },
            "log": { "type": "stdout", "format": "json", "level": "warn" },
        });
        // JSON is YAML.
        fs::write(folder.path().join("config.yaml"), config.to_string()).unwrap();
        // It does not say which port it was given, so it is given one that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut process = Command::new("node")
            .arg(installed)
            .args(["--config", "config.yaml", "--listen", &address])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("node cannot be started: {error}"));
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut all = String::new();
        while !all.contains("http address") {
            assert_ne!(said.read_line(&mut all).unwrap(), 0, "verdaccio ended: {all}");
        }
        thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { process, address, _folder: folder }
    }

    /// What `npm login` gets.
    fn sign_up(&self, name: &str) -> String {
        let body = json!({ "name": name, "password": PASSWORD }).to_string();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let path = format!("/-/user/org.couchdb.user:{name}");
        let head = format!("PUT {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        write!(stream, "{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let json: Json = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        json["token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Verdaccio {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
fn tokens_are_created_listed_checked_and_revoked() {
    let server = Verdaccio::start();
    let url = format!("http://{}", server.address);
    let desk = Desk::new().with("verdaccio", include_str!("verdaccio/verdaccio.json"));
    let signed_in = server.sign_up("ada");
    let tenant = Tenant::new("verdaccio", &url).with("token", &signed_in).with("password", PASSWORD);
    let (connectors, site, watch) = (&desk.connectors, tenant.site(), Watch::default());
    assert_eq!(connectors.keys(&site, &watch).unwrap().keys, []);

    let made = connectors.create(&site, &draft(), &watch).unwrap();
    let other = connectors.create(&site, &draft(), &watch).unwrap();
    assert_ne!(made.secret.expose(), other.secret.expose());
    let listing = connectors.keys(&site, &watch).unwrap();
    assert_eq!((listing.keys.len(), listing.skipped), (2, 0));
    let listed = listing.keys.iter().find(|key| key.id == made.key.id).unwrap();
    assert_eq!((listed.owner.as_deref(), listed.everything, listed.active), (Some("ada"), true, true));
    assert_eq!((listed.created_at, listed.expires_at), (made.key.created_at, None));
    assert!(listed.created_at.is_some());

    assert_eq!(connectors.check(&site, &made.secret, &watch), Ok(CheckedKey::Valid));
    let nobody = Secret::new("nobody".to_owned());
    assert_eq!(connectors.check(&site, &nobody, &watch), Ok(CheckedKey::Unknown), "the server says 200 and no name");

    connectors.revoke(&site, &made.key.id, &watch).unwrap();
    let left = connectors.keys(&site, &watch).unwrap().keys;
    assert_eq!(left.iter().map(|key| &key.id).collect::<Vec<_>>(), [&other.key.id]);

    let wrong = Tenant::new("verdaccio", &url).with("token", &signed_in).with("password", "wrong password");
    let refused = connectors.create(&wrong.site(), &draft(), &watch);
    fails(refused, RemoteCredential, Outcome::NotDone, &["bad username/password"]);
    let guest = Tenant::new("verdaccio", &url).with("token", "nobody").with("password", PASSWORD);
    fails(
        connectors.keys(&guest.site(), &watch),
        RemoteCredential,
        Outcome::NotDone,
        &["does not accept the credential"],
    );
    assert_eq!(connectors.keys(&site, &watch).unwrap().keys.len(), 1);
}
