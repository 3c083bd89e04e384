//! What the types alone do not say of how a person signs in.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::header::HeaderName;

use super::read::{Wrong, check_request, wrong};
use super::{Manifest, Meaning, Method, Request, Session, Text, Value, Verb};

/// What people read, where it stands, and whether there has to be something.
pub(super) fn texts(manifest: &Manifest) -> Vec<(String, &str, bool)> {
    let mut texts: Vec<_> =
        manifest.caution.as_deref().map(|text| ("/caution".to_owned(), text, true)).into_iter().collect();
    let Some(session) = &manifest.session else { return texts };
    for (at, question) in session.questions.iter().enumerate() {
        texts.push((format!("/session/questions/{at}/label"), &question.label, true));
        texts.extend(question.help.as_deref().map(|help| (format!("/session/questions/{at}/help"), help, false)));
    }
    for (at, choice) in session.choices.iter().enumerate() {
        texts.extend(choice.refused.as_deref().map(|text| (format!("/session/choices/{at}/refused"), text, true)));
    }
    texts
}

pub(super) fn check(manifest: &Manifest) -> Result<(), Wrong> {
    let Some(session) = &manifest.session else { return check_rules(manifest) };
    if !manifest.credentials.is_empty() {
        return wrong("/credentials", "a session stands in place of credentials");
    }
    check_names(session)?;
    check_rules(manifest)?;
    check_choices(manifest, session)?;
    check_steps(manifest, session)?;
    for (name, verb, request) in
        [("holds", Verb::Session, &session.holds), ("sign_out", Verb::SignOut, &session.sign_out)]
    {
        if let Some(request) = request {
            check_own(manifest, session, &format!("/session/{name}"), verb, request, &|_| false)?;
        }
    }
    for (verb, request) in manifest.requests.all() {
        refuse_cookies(&format!("/requests/{}/headers", verb.name()), &request.headers)?;
    }
    refuse_cookies("/authentication", &manifest.authentication)
}

/// That rules name a question where they need one, and one that is asked.
fn check_rules(manifest: &Manifest) -> Result<(), Wrong> {
    for (at, rule) in manifest.answers.iter().enumerate() {
        let base = format!("/answers/{at}");
        match (rule.means, &rule.question) {
            (Meaning::Wanted | Meaning::Wrong, None) => {
                return wrong(base, "`question` does not say which answer it is about");
            }
            (Meaning::Wanted | Meaning::Wrong, Some(id)) => {
                let asked = manifest.session.as_ref().and_then(|session| session.question(id.as_str()));
                if asked.is_none() {
                    return wrong(format!("{base}/question"), format!("no question `{}` is asked", id.as_str()));
                }
                if rule.requests != [Verb::SignIn] {
                    return wrong(format!("{base}/requests"), "it is about `sign_in` alone");
                }
            }
            (_, Some(_)) => {
                return wrong(format!("{base}/question"), "only what is `wanted` or `wrong` is about a question");
            }
            (_, None) => {}
        }
    }
    Ok(())
}

fn check_names(session: &Session) -> Result<(), Wrong> {
    for (empty, name) in [
        (session.questions.is_empty(), "questions"),
        (session.steps.is_empty(), "steps"),
        (session.cookies.is_empty(), "cookies"),
    ] {
        if empty {
            return wrong(format!("/session/{name}"), "at least one");
        }
    }
    let mut seen = BTreeSet::new();
    if let Some(at) = session.questions.iter().position(|question| !seen.insert(&question.id)) {
        let id = session.questions[at].id.as_str();
        return wrong(format!("/session/questions/{at}/id"), format!("`{id}` is there twice"));
    }
    // A cookie's name has the characters that a header's name has.
    let is_name = |name: &String| HeaderName::from_bytes(name.as_bytes()).is_ok();
    match session.cookies.iter().position(|name| !is_name(name)) {
        Some(at) => {
            wrong(format!("/session/cookies/{at}"), format!("`{}` is no name of a cookie", session.cookies[at]))
        }
        None => Ok(()),
    }
}

fn check_choices(manifest: &Manifest, session: &Session) -> Result<(), Wrong> {
    let mut seen = BTreeSet::new();
    for (at, choice) in session.choices.iter().enumerate() {
        let base = format!("/session/choices/{at}");
        let id = choice.option.as_str();
        let Some(place) = manifest.options.iter().position(|ask| ask.id == choice.option) else {
            return wrong(format!("{base}/option"), format!("no option `{id}` is asked for"));
        };
        if manifest.options[place].default.is_some() {
            return wrong(format!("/options/{place}/default"), "what is chosen after signing in has no default");
        }
        if !seen.insert(id) {
            return wrong(format!("{base}/option"), format!("`{id}` is there twice"));
        }
        if choice.role.is_none() && !choice.roles.is_empty() {
            return wrong(format!("{base}/roles"), "`role` does not say where the role is");
        }
        check_own(manifest, session, &format!("{base}/request"), Verb::Choices, &choice.request, &|_| false)?;
    }
    Ok(())
}

fn check_steps(manifest: &Manifest, session: &Session) -> Result<(), Wrong> {
    let mut captured: BTreeSet<&str> = BTreeSet::new();
    for (at, step) in session.steps.iter().enumerate() {
        let base = format!("/session/steps/{at}");
        let may = |value: &Value| match value {
            Value::Answer(_) => true,
            Value::Captured(name) => captured.contains(name.as_str()),
            _ => false,
        };
        let verb = if step.request.method == Method::Get { Verb::Session } else { Verb::SignIn };
        check_own(manifest, session, &format!("{base}/request"), verb, &step.request, &may)?;
        captured.extend(step.captures.keys().map(String::as_str));
    }
    Ok(())
}

/// A request of the session itself: what is chosen is not known yet.
fn check_own(
    manifest: &Manifest,
    session: &Session,
    base: &str,
    verb: Verb,
    request: &Request,
    may: &dyn Fn(&Value) -> bool,
) -> Result<(), Wrong> {
    refuse_cookies(&format!("{base}/headers"), &request.headers)?;
    check_request(manifest, base, verb, request, may)?;
    let is_chosen =
        |text: &Text| text.values().any(|value| matches!(value, Value::Option(id) if session.choice(id).is_some()));
    let mut texts = request.query.values().chain(request.headers.values()).chain([&request.path]);
    let in_body = request.body.as_ref().is_some_and(|body| {
        session
            .choices
            .iter()
            .any(|choice| body.to_string().contains(&format!("{{option.{}}}", choice.option.as_str())))
    });
    if texts.any(is_chosen) || in_body {
        return wrong(base, "it comes before the option is chosen");
    }
    Ok(())
}

fn refuse_cookies(base: &str, headers: &BTreeMap<String, Text>) -> Result<(), Wrong> {
    match headers.keys().find(|name| name.eq_ignore_ascii_case("cookie")) {
        Some(name) => wrong(format!("{base}/{name}"), "Latchkey writes the cookies of a session itself"),
        None => Ok(()),
    }
}
