//! A Documenso server of one's own, as its source says it behaves: who has signed in manages the tokens of teams.
//!
//! What is asked and answered, without a network: the tests that use it bring their own.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, SecondsFormat, Utc};
use serde_json::{Value as Json, json};

pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "correct horse 7f31c9e2";
/// Longer than codes are, so that it is nowhere by chance.
pub const CODE: &str = "492817-5c20b7";

/// A request.
pub struct Asked<'a> {
    pub method: &'a str,
    /// With what follows the question mark.
    pub path: &'a str,
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: &'a str,
}

/// An answer.
pub struct Told {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Told {
    fn json(status: u16, body: &Json) -> Self {
        Self { status, headers: vec![("Content-Type", "application/json".to_owned())], body: body.to_string() }
    }

    fn text(status: u16, body: &str) -> Self {
        Self { status, headers: vec![("Content-Type", "text/plain".to_owned())], body: body.to_owned() }
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

#[derive(Debug, Clone)]
pub struct Token {
    pub id: u64,
    pub team: u64,
    pub name: String,
    pub secret: String,
    pub created: String,
    pub expires: Option<String>,
}

pub struct Team {
    pub id: u64,
    pub name: &'static str,
    pub role: &'static str,
}

pub struct Documenso {
    pub teams: Vec<Team>,
    pub tokens: Vec<Token>,
    /// Whether the account has an authenticator app.
    pub two_factor: bool,
    /// The code with which signing in is refused, and its status.
    pub refuses: Option<(u16, &'static str)>,
    /// Whether the session is renewed with each answer, under another name; the one before is over then.
    pub renews: bool,
    /// Answer everything with this status.
    pub trouble: Option<u16>,
    /// Whether a wish to sign in is refused, since there were too many.
    pub throttled: bool,
    /// `METHOD path` of all that was asked.
    pub asked: Vec<String>,
    /// What nobody may send: a key's request with cookies, a password to another place.
    pub wrongs: Vec<String>,
    /// The session that holds.
    pub session: Option<String>,
    made: u64,
}

impl Documenso {
    pub fn new() -> Self {
        Self {
            teams: vec![
                Team { id: 7, name: "Contracts", role: "ADMIN" },
                Team { id: 9, name: "Sales", role: "MEMBER" },
            ],
            tokens: Vec::new(),
            two_factor: false,
            refuses: None,
            renews: false,
            trouble: None,
            throttled: false,
            asked: Vec::new(),
            wrongs: Vec::new(),
            session: None,
            made: 0,
        }
    }

    /// Somebody makes a token in the server's own pages.
    pub fn add(&mut self, name: &str, expires: Option<&str>) -> u64 {
        self.make(7, name, expires.map(str::to_owned))
    }

    /// How often something was asked.
    pub fn count(&self, what: &str) -> usize {
        self.asked.iter().filter(|line| line.starts_with(what)).count()
    }

    fn make(&mut self, team: u64, name: &str, expires: Option<String>) -> u64 {
        self.made += 1;
        let id = self.made + 40;
        let created = written(Utc::now());
        let secret = format!("api_{:016}", 5_317_990_114_u64 * self.made);
        self.tokens.push(Token { id, team, name: name.to_owned(), secret, created, expires });
        id
    }

    pub fn answer(&mut self, asked: &Asked<'_>) -> Told {
        let path = asked.path.split('?').next().unwrap_or_default();
        self.asked.push(format!("{} {path}", asked.method));
        if path == "/api/v2/envelope" {
            return self.envelope(asked);
        }
        if let Some(status) = self.trouble {
            return Told::json(status, &json!({ "message": "Something went wrong" }));
        }
        if asked.headers.contains_key("authorization") {
            self.wrongs.push(format!("{path} was asked with a key"));
        }
        match (asked.method, path) {
            ("GET", "/api/auth/csrf") => Told::json(200, &json!({ "csrfToken": "c5rf-91ab" }))
                .with("Set-Cookie", "csrfToken=c5rf-91ab.signed%3D; Path=/; HttpOnly; SameSite=Lax".to_owned()),
            ("POST", "/api/auth/email-password/authorize") => self.authorize(asked),
            ("GET", "/api/auth/session") => {
                let holds = self.is_signed_in(asked);
                let session = json!({ "isAuthenticated": holds, "session": null, "user": null });
                self.renewing(Told::json(200, &session), holds)
            }
            ("POST", "/api/auth/signout") => {
                if self.is_signed_in(asked) {
                    self.session = None;
                }
                Told::text(200, "").with("Set-Cookie", "sessionId=; Path=/; Max-Age=0".to_owned())
            }
            (_, path) if path.starts_with("/api/trpc/") => {
                if !self.is_signed_in(asked) {
                    return failed(401, "UNAUTHORIZED", "Invalid session or API token.", None);
                }
                let told = self.call(asked, &path["/api/trpc/".len()..]);
                self.renewing(told, true)
            }
            // The window's own pages answer under every other address.
            _ => Told { status: 200, headers: Vec::new(), body: "<!doctype html><title>Documenso</title>".to_owned() },
        }
    }

    fn authorize(&mut self, asked: &Asked<'_>) -> Told {
        let refused = |status: u16, code: &str, message: &str| {
            Told::json(status, &json!({ "code": code, "message": message, "statusCode": status }))
        };
        if self.throttled {
            return Told::json(429, &json!({ "error": "Too many requests, please try again later." }))
                .with("Retry-After", "840".to_owned());
        }
        if asked.headers.contains_key("origin") {
            return Told::text(403, "Forbidden");
        }
        let body: Json = serde_json::from_str(asked.body).unwrap();
        let cookie = asked.headers.get("cookie").cloned().unwrap_or_default();
        if body["csrfToken"] != "c5rf-91ab" || !cookie.split("; ").any(|one| one == "csrfToken=c5rf-91ab.signed%3D") {
            return refused(500, "INVALID_REQUEST", "Invalid CSRF token");
        }
        if cookie.contains("sessionId") {
            self.wrongs.push("a session went along with signing in".to_owned());
        }
        if let Some((status, code)) = self.refuses {
            return refused(status, code, "Not now");
        }
        if body["email"] != EMAIL || body["password"] != PASSWORD {
            return refused(500, "INVALID_CREDENTIALS", "Invalid email or password");
        }
        match (self.two_factor, &body["totpCode"]) {
            (true, Json::Null) => {
                return refused(500, "TWO_FACTOR_MISSING_CREDENTIALS", "TWO_FACTOR_MISSING_CREDENTIALS");
            }
            (true, code) if code != CODE => return refused(500, "INVALID_TWO_FACTOR_CODE", "INVALID_TWO_FACTOR_CODE"),
            _ => {}
        }
        let told = Told::text(201, "");
        self.begin(told)
    }

    /// Begins another session, in place of the one that held.
    fn begin(&mut self, told: Told) -> Told {
        self.made += 1;
        let session = format!("s3ss10n-{:08x}.4c1d%2Fq", 0x51ab_0000_u64 + self.made);
        self.session = Some(session.clone());
        told.with("Set-Cookie", format!("sessionId={session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"))
    }

    fn renewing(&mut self, told: Told, holds: bool) -> Told {
        if self.renews && holds { self.begin(told) } else { told }
    }

    fn is_signed_in(&self, asked: &Asked<'_>) -> bool {
        let cookie = asked.headers.get("cookie").cloned().unwrap_or_default();
        let given = cookie.split("; ").find_map(|one| one.strip_prefix("sessionId="));
        given.is_some() && given == self.session.as_deref()
    }

    fn may(&self, team: u64) -> bool {
        self.teams.iter().any(|one| one.id == team && matches!(one.role, "ADMIN" | "MANAGER"))
    }

    fn call(&mut self, asked: &Asked<'_>, procedure: &str) -> Told {
        let done = |output: Json| Told::json(200, &json!({ "result": { "data": { "json": output } } }));
        let input = serde_json::from_str::<Json>(asked.body).unwrap_or_default()["json"].take();
        match (asked.method, procedure) {
            ("GET", "organisation.internal.getOrganisationSession") => {
                let team = |team: &Team| {
                    json!({ "id": team.id, "name": team.name, "url": team.name.to_lowercase(),
                            "organisationId": "org_1", "currentTeamRole": team.role })
                };
                let teams: Vec<Json> = self.teams.iter().map(team).collect();
                done(json!([{ "id": "org_1", "name": "Harbour", "teams": teams }, { "id": "org_2", "teams": [] }]))
            }
            ("GET", "apiToken.getMany") => {
                let team = asked.headers.get("x-team-id").and_then(|id| id.parse().ok()).filter(|team| self.may(*team));
                let tokens = self.tokens.iter().rev().filter(|token| Some(token.team) == team);
                done(
                    tokens
                        .map(|token| {
                            json!({ "id": token.id, "name": token.name, "createdAt": token.created, "expires": token.expires })
                        })
                        .collect(),
                )
            }
            ("POST", "apiToken.create" | "apiToken.delete") => {
                let Some(team) = input["teamId"].as_u64() else {
                    return failed(400, "BAD_REQUEST", "Expected number, received string", None);
                };
                if !self.may(team) {
                    return failed(401, "UNAUTHORIZED", "You do not have permission", Some("UNAUTHORIZED"));
                }
                if procedure == "apiToken.create" { self.create(team, &input) } else { self.delete(team, &input) }
            }
            _ => failed(404, "NOT_FOUND", "No procedure", None),
        }
    }

    fn create(&mut self, team: u64, input: &Json) -> Told {
        let months = |count| Some(written(Utc::now() + Months::new(count)));
        let expires = match &input["expirationDate"] {
            Json::Null if input.get("expirationDate").is_some() => None,
            Json::String(end) => match end.as_str() {
                "ONE_WEEK" => Some(written(Utc::now() + Days::new(7))),
                // A calendar month is not thirty days.
                "ONE_MONTH" => months(1),
                "THREE_MONTHS" => months(3),
                "SIX_MONTHS" => months(6),
                "ONE_YEAR" => months(12),
                _ => return failed(500, "INTERNAL_SERVER_ERROR", "Invalid duration", None),
            },
            _ => return failed(400, "BAD_REQUEST", "Required", None),
        };
        let id = self.make(team, input["tokenName"].as_str().unwrap(), expires);
        let secret = self.tokens.last().unwrap().secret.clone();
        Told::json(200, &json!({ "result": { "data": { "json": { "id": id, "token": secret } } } }))
    }

    fn delete(&mut self, team: u64, input: &Json) -> Told {
        let Some(id) = input["id"].as_u64() else { return failed(400, "BAD_REQUEST", "Expected number", None) };
        match self.tokens.iter().position(|token| token.id == id && token.team == team) {
            Some(at) => {
                self.tokens.remove(at);
                Told::json(200, &json!({ "result": { "data": { "json": null, "meta": { "values": ["undefined"] } } } }))
            }
            None => failed(500, "INTERNAL_SERVER_ERROR", "No record was found for a delete.", None),
        }
    }

    fn envelope(&mut self, asked: &Asked<'_>) -> Told {
        if asked.headers.contains_key("cookie") {
            self.wrongs.push("a key asked with cookies".to_owned());
        }
        let key = asked.headers.get("authorization").cloned().unwrap_or_default();
        if self.tokens.iter().any(|token| token.secret == key) {
            Told::json(200, &json!({ "data": [], "count": 0, "currentPage": 1 }))
        } else {
            Told::json(401, &json!({ "message": "Invalid token", "code": "UNAUTHORIZED" }))
        }
    }
}

/// As tRPC says that something went wrong.
fn failed(status: u16, code: &str, message: &str, app_error: Option<&str>) -> Told {
    let mut data = json!({ "code": code, "httpStatus": status, "path": "apiToken" });
    if let Some(code) = app_error {
        data["appError"] = json!({ "code": code, "message": message });
    }
    Told::json(status, &json!({ "error": { "json": { "message": message, "code": -32001, "data": data } } }))
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
