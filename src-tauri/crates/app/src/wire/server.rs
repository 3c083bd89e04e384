use serde::{Deserialize, Serialize};

/// What is the matter with a server, so that the window has its own words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ServerProblem {
    /// The server's name.
    pub host: String,
    /// What it is.
    pub fault: ServerFault,
    /// The status that it answered with.
    pub status: Option<u16>,
    /// For how many seconds it wants to be left alone.
    pub seconds: Option<u32>,
    /// What it said to that, or the system: in words of its own, whatever their language.
    pub said: Option<String>,
    /// What to do about it, as the connector knows it.
    pub advice: Option<String>,
}

/// What can be the matter with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ServerFault {
    /// The tenant's address is none.
    Address,
    /// It would be reached without encryption.
    PlainHttp,
    /// Its name is not known, or nobody listens there.
    NotReached,
    /// Its certificate is not trusted.
    Certificate,
    /// No encrypted connection could be made.
    Encryption,
    /// The tenant's proxy or certificates cannot be used.
    Setting,
    /// It took too long.
    TimeOut,
    /// It leads to another place.
    Redirect,
    /// Its answer is too large.
    TooLarge,
    /// Its answer broke off.
    BrokenOff,
    /// Something else answered, such as a page to sign in.
    NotItsAnswer,
    /// Its answer has no list where it should be.
    NoList,
    /// Its list does not end.
    Endless,
    /// It made a key whose text did not arrive.
    NoText,
    /// It says that there is no such key, and lists it.
    StillThere,
    /// It does not accept the credential.
    Credential,
    /// It does not permit it.
    NotPermitted,
    /// It has nothing at this address.
    NothingThere,
    /// It has no such key any more.
    NoSuchKey,
    /// It has one like it already.
    Conflict,
    /// It wants to be paid first.
    Payment,
    /// It changed nothing.
    Unchanged,
    /// It is in trouble itself.
    Trouble,
    /// It does not take what was asked.
    NotTaken,
    /// It takes no more requests for now.
    Busy,
    /// It let somebody in, and gave no session.
    NoSession,
    /// Its interface ends no session.
    NoSignOut,
    /// What was chosen for the tenant is not for who has signed in.
    NotForYou,
}
