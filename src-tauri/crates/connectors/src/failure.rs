//! What failed, in words that say what to do about it.

use std::time::Duration;

use latchkey_app::error::Error;
use latchkey_app::ports::{Failure, Outcome};
use latchkey_app::wire::{ErrorCode, ServerFault, ServerProblem, SignInChoice};
use latchkey_domain::field::{Field, FieldProblem, Rule};

use crate::manifest::{Meaning, Verb};
use crate::request::Unwritten;
use crate::transport::{Loss, Lost};

/// A failure before anything was sent.
pub(crate) fn certain(error: Error) -> Failure {
    Failure { error, outcome: Outcome::NotDone, wait: None }
}

/// What the vendor cannot do over HTTPS.
pub(crate) fn cannot(vendor: &str, verb: Verb) -> Failure {
    certain(
        Error::new(ErrorCode::NotNow, format!("{vendor} has no request {}.", purpose(verb)))
            .hint("Do it in the vendor's own pages; the tenant's page says how."),
    )
}

pub(crate) fn unwritten(why: &Unwritten) -> Failure {
    certain(
        Error::new(ErrorCode::Failed, format!("The request cannot be written: {why}."))
            .hint("Check the tenant's address, options and credential."),
    )
}

/// No answer.
pub(crate) fn lost(host: &str, verb: Verb, lost: &Lost) -> Failure {
    use ErrorCode::{Cancelled, Offline, RemoteUnreachable};
    let error = match &lost.loss {
        Loss::Offline => Error::new(Offline, "Latchkey is offline, as it was told to be.")
            .hint("Switch the network on again, or leave `--offline` out."),
        Loss::Cancelled => Error::new(Cancelled, "Cancelled."),
        // Not repeated: there may be a password in it.
        Loss::Address(why) => Error::new(RemoteUnreachable, format!("The tenant's address is none: {why}."))
            .hint("Write it as https://portal.example.com, with a path only where the vendor names one."),
        Loss::PlainHttp => Error::new(RemoteUnreachable, format!("{host} would be reached without encryption."))
            .hint("Use https://, or allow plain HTTP in the tenant's settings if the way there is safe."),
        Loss::NoServer(why) => Error::new(RemoteUnreachable, format!("{host} cannot be reached: {why}."))
            .hint("Check the address, the network and the proxy, and try again."),
        Loss::Certificate(why) => {
            Error::new(RemoteUnreachable, format!("The certificate of {host} is not trusted: {why}."))
                .hint("If it is signed by an authority of your own, give the tenant that authority's certificate.")
        }
        Loss::Tls(why) => {
            Error::new(RemoteUnreachable, format!("No encrypted connection to {host} could be made: {why}."))
                .hint("Check that the address and the port speak HTTPS, and whether a client certificate is wanted.")
        }
        Loss::Setting(why) => {
            Error::new(RemoteUnreachable, format!("The tenant's network settings do not work: {why}."))
                .hint("Correct them in the tenant's settings.")
        }
        Loss::TimeOut => Error::new(RemoteUnreachable, format!("{host} took too long to answer."))
            .hint("Try again later. Nothing already done is lost."),
        Loss::Redirect(to) if to.is_empty() || to == host => {
            Error::new(RemoteUnreachable, format!("{host} leads in circles, or to another place of its own."))
                .hint("Give the tenant the address that the server really answers at.")
        }
        Loss::Redirect(to) => {
            Error::new(RemoteUnreachable, format!("{host} leads to {to}, which the credential was not given for."))
                .hint("If that is the right server, give the tenant its address.")
        }
        Loss::TooLarge => Error::new(RemoteUnreachable, format!("The answer of {host} is too large."))
            .hint("Check that the address is the vendor's interface and not a download."),
        Loss::Broken(why) => Error::new(RemoteUnreachable, format!("The answer of {host} broke off: {why}."))
            .hint("Try again. Nothing already done is lost."),
    };
    let error = match fault(&lost.loss) {
        Some((fault, said)) => error.of_server(ServerProblem { said, ..problem(host, fault) }),
        None => error,
    };
    let outcome = if verb.only_reads() { Outcome::NotDone } else { lost.outcome };
    Failure { error, outcome, wait: None }
}

/// The same for the window, and what the system said to it; nothing is the matter with a server that was not asked.
fn fault(loss: &Loss) -> Option<(ServerFault, Option<String>)> {
    let said = |why: &str| Some(why.to_owned());
    Some(match loss {
        Loss::Offline | Loss::Cancelled => return None,
        Loss::Address(why) => (ServerFault::Address, said(why)),
        Loss::PlainHttp => (ServerFault::PlainHttp, None),
        Loss::NoServer(why) => (ServerFault::NotReached, said(why)),
        Loss::Certificate(why) => (ServerFault::Certificate, said(why)),
        Loss::Tls(why) => (ServerFault::Encryption, said(why)),
        Loss::Setting(why) => (ServerFault::Setting, said(why)),
        Loss::TimeOut => (ServerFault::TimeOut, None),
        Loss::Redirect(to) => (ServerFault::Redirect, said(to).filter(|to| !to.is_empty())),
        Loss::TooLarge => (ServerFault::TooLarge, None),
        Loss::Broken(why) => (ServerFault::BrokenOff, said(why)),
    })
}

fn problem(host: &str, fault: ServerFault) -> ServerProblem {
    ServerProblem { host: host.to_owned(), fault, status: None, seconds: None, said: None, advice: None }
}

/// An answer that refuses.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) meaning: Meaning,
    pub(crate) status: u16,
    /// In the server's own words.
    pub(crate) reason: Option<String>,
    /// From the manifest.
    pub(crate) hint: Option<String>,
    pub(crate) wait: Option<Duration>,
    /// Of signing in: which question it is about.
    pub(crate) question: Option<Question>,
    /// Whether it was asked with a session.
    pub(crate) in_session: bool,
}

/// A question of signing in, for people and programs.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) id: String,
    pub(crate) label: String,
}

impl Default for Refusal {
    fn default() -> Self {
        Self {
            meaning: Meaning::Invalid,
            status: 0,
            reason: None,
            hint: None,
            wait: None,
            question: None,
            in_session: false,
        }
    }
}

pub(crate) fn refused(host: &str, verb: Verb, refusal: Refusal) -> Failure {
    use ErrorCode::{NotFound, RemoteCredential, RemoteRefused, RemoteUnreachable};
    let Refusal { meaning, status, reason, hint, wait, question, in_session } = refusal;
    if meaning == Meaning::Throttled {
        return throttled(host, wait);
    }
    if let Some(question) = question {
        return answered(host, meaning, &question, hint);
    }
    if in_session && meaning == Meaning::Unknown {
        return session_over(host);
    }
    let (code, fault, says, way_out) = match meaning {
        Meaning::Unknown | Meaning::Expired | Meaning::Disabled => (
            RemoteCredential,
            ServerFault::Credential,
            format!("{host} does not accept the credential"),
            "Give the tenant a new credential; the old one may be over, switched off or mistyped.",
        ),
        Meaning::Restricted | Meaning::NotPermitted => (
            RemoteRefused,
            ServerFault::NotPermitted,
            format!("{host} does not permit it {}", purpose(verb)),
            "Use a credential of somebody who may, or ask the vendor's administrator.",
        ),
        Meaning::NotFound if verb == Verb::Create || verb.only_reads() => (
            RemoteRefused,
            ServerFault::NothingThere,
            format!("{host} has nothing at this address"),
            "Check the tenant's address; the vendor's version may be too old.",
        ),
        Meaning::NotFound => (
            NotFound,
            ServerFault::NoSuchKey,
            format!("{host} has no such key any more"),
            "Refresh the list: it was removed outside of Latchkey.",
        ),
        Meaning::Conflict => {
            (RemoteRefused, ServerFault::Conflict, format!("{host} has one like it already"), "Choose another name.")
        }
        Meaning::Payment => (
            RemoteRefused,
            ServerFault::Payment,
            format!("{host} wants the subscription to be settled first"),
            "Ask whoever pays for it.",
        ),
        Meaning::Unchanged => (
            RemoteRefused,
            ServerFault::Unchanged,
            format!("{host} changed nothing"),
            "The key may be over, or belong to somebody else. Refresh the list.",
        ),
        Meaning::Trouble => (
            RemoteUnreachable,
            ServerFault::Trouble,
            format!("{host} is in trouble (status {status})"),
            "Try again later. Nothing already done is lost.",
        ),
        _ => (
            RemoteRefused,
            ServerFault::NotTaken,
            format!("{host} does not take it (status {status})"),
            "Check what was typed and try again.",
        ),
    };
    let problem =
        ServerProblem { status: Some(status), said: reason.clone(), advice: hint.clone(), ..problem(host, fault) };
    let says = match reason {
        Some(reason) => format!("{says}: {}.", reason.trim_end_matches('.')),
        None => format!("{says}."),
    };
    // A server or a gateway in trouble may have done it before it was.
    let outcome = if meaning == Meaning::Trouble && !verb.only_reads() { Outcome::Unknown } else { Outcome::NotDone };
    let error = Error::new(code, says).hint(hint.unwrap_or_else(|| way_out.to_owned())).of_server(problem);
    Failure { error, outcome, wait }
}

/// A question of signing in that has to be answered, or answered otherwise.
fn answered(host: &str, meaning: Meaning, question: &Question, hint: Option<String>) -> Failure {
    let Question { id, label } = question;
    let (rule, says) = match meaning {
        Meaning::Wanted => (Rule::AnswerWanted { id: id.clone() }, format!("{host} wants to be told: {label}.")),
        _ => (Rule::AnswerWrong { id: id.clone() }, format!("{host} does not take what was given as {label}.")),
    };
    let error = Error::at(FieldProblem { name: Field::Answers, rule }, says);
    certain(match hint {
        Some(hint) => error.hint(hint),
        None => error,
    })
}

/// A question that nobody has answered.
pub(crate) fn unanswered(host: &str, question: &Question) -> Failure {
    answered(host, Meaning::Wanted, question, None)
}

/// Nobody has signed in.
pub(crate) fn signed_out(host: &str) -> Failure {
    certain(
        Error::new(ErrorCode::RemoteSignIn, format!("Nobody is signed in to {host}."))
            .hint("Sign in: `latchkey tenant sign-in`, or Sign in on the tenant's page."),
    )
}

fn session_over(host: &str) -> Failure {
    certain(
        Error::new(ErrorCode::RemoteSignIn, format!("The session with {host} is over."))
            .hint("Sign in again: `latchkey tenant sign-in`, or Sign in again on the tenant's page."),
    )
}

/// A server that let somebody in, and gave nothing to ask with.
pub(crate) fn no_session(host: &str) -> Failure {
    certain(
        Error::new(ErrorCode::RemoteUnreachable, format!("{host} let you in, but gave no session."))
            .hint("The vendor's version may be another one; the connector may need a newer manifest.")
            .of_server(problem(host, ServerFault::NoSession)),
    )
}

/// A server whose interface ends no session.
pub(crate) fn no_sign_out(host: &str) -> Failure {
    certain(
        Error::new(ErrorCode::RemoteRefused, format!("{host} has no request to sign out."))
            .hint("Sign out in the vendor's own pages, or wait until the session ends by itself.")
            .of_server(problem(host, ServerFault::NoSignOut)),
    )
}

/// What was chosen is not there for who has signed in.
pub(crate) fn not_offered(host: &str, chosen: &str) -> Failure {
    not_managed(host, format!("{host} does not show {chosen} to who has signed in."), chosen.to_owned())
}

/// What was chosen is not for who has signed in with that role.
pub(crate) fn not_for_you(host: &str, one: &SignInChoice) -> Failure {
    let SignInChoice { name, why, .. } = one;
    let reason = one.reason().unwrap_or_default();
    let said = why.as_ref().map_or_else(|| name.clone(), |why| format!("{name}: {why}"));
    not_managed(host, format!("{host} does not let you manage keys of {name}: {reason}"), said)
}

fn not_managed(host: &str, says: String, said: String) -> Failure {
    certain(
        Error::new(ErrorCode::RemoteRefused, says)
            .hint("Sign in as somebody who may. Nothing in the list was changed: the keys may still work.")
            .of_server(ServerProblem { said: Some(said), ..problem(host, ServerFault::NotForYou) }),
    )
}

/// The server wants, or its limits say, that it is left alone for a time.
pub(crate) fn throttled(host: &str, wait: Option<Duration>) -> Failure {
    let says = match wait {
        Some(wait) => format!("{host} takes no more requests for {}.", spoken(wait)),
        None => format!("{host} takes no more requests for now."),
    };
    let seconds = wait.map(|wait| u32::try_from(seconds(wait)).unwrap_or(u32::MAX));
    let error = Error::new(ErrorCode::RemoteThrottled, says)
        .hint("Wait so long; nothing that was asked is lost.")
        .of_server(ServerProblem { seconds, ..problem(host, ServerFault::Busy) });
    Failure { error, outcome: Outcome::NotDone, wait }
}

/// An answer without JSON where there has to be some.
pub(crate) fn no_json(host: &str, verb: Verb, is_page: bool) -> Failure {
    let what = if is_page { "a web page" } else { "something" };
    let error = Error::new(
        ErrorCode::RemoteUnreachable,
        format!("{host} answered with {what} that is not what its interface answers with."),
    )
    .hint("Check the address; a proxy or a sign-in page may stand in between.")
    .of_server(problem(host, ServerFault::NotItsAnswer));
    let outcome = if verb.only_reads() { Outcome::NotDone } else { Outcome::Unknown };
    Failure { error, outcome, wait: None }
}

pub(crate) fn no_list(host: &str) -> Failure {
    certain(
        Error::new(ErrorCode::RemoteUnreachable, format!("The answer of {host} has no list where it should be."))
            .hint("The vendor's version may be another one; the connector may need a newer manifest.")
            .of_server(problem(host, ServerFault::NoList)),
    )
}

pub(crate) fn no_key(host: &str) -> Failure {
    let error = Error::new(ErrorCode::RemoteUnreachable, format!("{host} made a key, but its text did not arrive."))
        .hint("Refresh the list and revoke the key: nobody has its text.")
        .of_server(problem(host, ServerFault::NoText));
    Failure { error, outcome: Outcome::Unknown, wait: None }
}

/// A server that does not know a key, and lists it.
pub(crate) fn still_there(host: &str) -> Failure {
    let error = Error::new(
        ErrorCode::RemoteRefused,
        format!("{host} says that there is no such key, and lists it: it may still work."),
    )
    .hint("Try again, or revoke it in the vendor's own pages.")
    .of_server(problem(host, ServerFault::StillThere));
    Failure { error, outcome: Outcome::Unknown, wait: None }
}

pub(crate) fn endless(host: &str) -> Failure {
    certain(
        Error::new(ErrorCode::RemoteUnreachable, format!("The list of {host} does not end."))
            .hint("Check the paging in the connector's manifest.")
            .of_server(problem(host, ServerFault::Endless)),
    )
}

fn purpose(verb: Verb) -> &'static str {
    match verb {
        Verb::List => "to list keys",
        Verb::Create => "to create a key",
        Verb::Update => "to change a key",
        Verb::Enable => "to enable a key",
        Verb::Disable => "to disable a key",
        Verb::Revoke => "to revoke a key",
        Verb::Check | Verb::CheckThrottled => "to check a key",
        Verb::ApiSets => "to list the API sets",
        Verb::SignIn => "to sign in",
        Verb::Session => "to say whether a session holds",
        Verb::Choices => "to say what can be chosen",
        Verb::SignOut => "to sign out",
    }
}

/// Whole seconds, and the one that has begun.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

fn spoken(wait: Duration) -> String {
    let seconds = seconds(wait);
    match seconds {
        0..=1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}
