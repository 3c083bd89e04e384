use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use latchkey_app::error::{Error, Result};
use latchkey_app::session::Session;
use latchkey_app::wire::{
    Connector, ConnectorAsk, ConnectorQuestion, ErrorCode, FieldProblem, RemoteTenantDraft, Rule, SignInChoice,
    TenantView,
};
use latchkey_app::{connector, remote, tenant};
use latchkey_domain::secret::Secret;

use super::connector::{pairs, watch};
use super::remote::told;
use crate::args::Answers;
use crate::context::{Context, ask_plainly, ask_secretly, unlock};

type Given = BTreeMap<String, Arc<Secret>>;

/// Signs in, lets what the server offers be chosen, and adds the tenant in that session.
pub(super) fn add(
    context: &Context,
    session: &Session,
    connector: &Connector,
    mut draft: RemoteTenantDraft,
    credentials: &Given,
    args: &Answers,
) -> Result<TenantView> {
    if let Some(caution) = connector.caution.as_ref().filter(|_| !draft.accept_caution) {
        // Before a password is asked for.
        draft.accept_caution = context.accepts(caution)?;
        if !draft.accept_caution {
            remote::open_session(session, &draft, credentials, &Given::new(), &watch(context)?.0)?;
        }
    }
    let open = asking(context, &connector.questions, args, |answers| {
        let (watch, _caught) = watch(context)?;
        remote::open_session(session, &draft, credentials, answers, &watch)
    })?;
    let added = choose(context, &connector.options, &open.choices, &mut draft)
        .and_then(|()| remote::add_signed_in(session, &context.operator, &draft, &open));
    if added.is_err() {
        open.leave(session);
    }
    added
}

pub(super) fn sign_in(context: &Context, tenant: &str, args: &Answers) -> Result<()> {
    let session = context.session()?;
    let shown = tenant::show(&session, tenant)?;
    let questions = match &shown.remote {
        Some(remote) => connector::show(&session, &remote.connector)?.questions,
        None => Vec::new(),
    };
    unlock(&session)?;
    asking(context, &questions, args, |answers| {
        let (watch, _caught) = watch(context)?;
        remote::sign_in(&session, &context.operator, &shown.id, answers, &watch)
    })?;
    let (watch, _caught) = watch(context)?;
    let synced = remote::sync(&session, &context.operator, &shown.id, &watch);
    context.output.progress("");
    let signed_in = tenant::show(&session, &shown.id)?;
    context.output.answer(&signed_in, || match &synced {
        Ok(done) => format!("Signed in to the server of {}. {}", shown.name, told(*done)),
        Err(_) => format!("Signed in to the server of {}. Its keys could not be asked for yet.", shown.name),
    })?;
    synced.map(drop)
}

pub(super) fn sign_out(context: &Context, tenant: &str) -> Result<()> {
    let session = context.session()?;
    unlock(&session)?;
    let shown = tenant::show(&session, tenant)?;
    let (watch, _caught) = watch(context)?;
    let ended = remote::sign_out(&session, &context.operator, &shown.id, &watch)?;
    context.output.answer(&ended, || match &ended.problem {
        None => format!("Signed out of the server of {}.", shown.name),
        Some(why) => format!(
            "Latchkey has forgotten the session with the server of {}. The server was not told, and it may go on there: {}",
            shown.name, why.message
        ),
    })
}

/// Signs in with what was given; at a terminal, with what the server wants beside.
pub(super) fn asking<T>(
    context: &Context,
    questions: &[ConnectorQuestion],
    args: &Answers,
    sign_in: impl Fn(&Given) -> Result<T>,
) -> Result<T> {
    let mut answers = given(context, questions, args)?;
    let (id, error) = match sign_in(&answers) {
        Err(error) => match &error.body().field {
            Some(FieldProblem { rule: Rule::AnswerWanted { id }, .. }) => (id.clone(), error),
            _ => return Err(error),
        },
        done => return done,
    };
    let question = questions.iter().find(|question| question.id == id && question.optional);
    match question.map(ask).transpose()?.flatten() {
        Some(answer) => {
            answers.insert(id, Arc::new(answer));
            sign_in(&answers)
        }
        None => {
            Err(error.hint("Give it with `--email`, `--password-file`, `--code-file`, `--answer` or `--answer-file`."))
        }
    }
}

/// What was given with options, and, of what has to be answered, what is typed where somebody can be asked.
fn given(context: &Context, questions: &[ConnectorQuestion], args: &Answers) -> Result<Given> {
    let mut texts = pairs("--answer", &args.texts)?;
    texts.extend(args.email.iter().map(|email| ("email".to_owned(), email.clone())));
    let mut files = pairs("--answer-file", &args.files)?;
    for (id, file) in [("password", &args.password_file), ("code", &args.code_file)] {
        files.extend(file.iter().map(|file| (id.to_owned(), file.to_string_lossy().into_owned())));
    }
    if files.iter().filter(|(_, file)| file == "-").count() > 1 {
        return Err(Error::new(ErrorCode::InvalidInput, "Standard input can be one answer only.")
            .hint("Name files for the others."));
    }
    let wanted = |id: &str| questions.iter().find(|question| question.id == id);
    let unknown = |id: &str| {
        Error::new(ErrorCode::InvalidInput, format!("The connector does not ask for `{id}`."))
            .hint("`latchkey connector show` names what it asks for.")
    };
    let mut answers = Given::new();
    for (id, text) in texts {
        if wanted(&id).ok_or_else(|| unknown(&id))?.secret {
            // It would be in the list of processes, and in the shell's history.
            return Err(Error::new(ErrorCode::InvalidInput, format!("`{id}` is a secret."))
                .hint("Put it into a file that only you can read, and name that with `--answer-file`."));
        }
        answers.insert(id, Arc::new(Secret::new(text)));
    }
    for (id, file) in files {
        wanted(&id).ok_or_else(|| unknown(&id))?;
        answers.insert(id, Arc::new(context.read_secret(Path::new(&file))?));
    }
    for question in questions.iter().filter(|question| !question.optional) {
        if !answers.contains_key(&question.id)
            && let Some(answer) = ask(question)?
        {
            answers.insert(question.id.clone(), Arc::new(answer));
        }
    }
    Ok(answers)
}

/// Asks a question where somebody sits at the terminal.
fn ask(question: &ConnectorQuestion) -> Result<Option<Secret>> {
    let prompt = format!("{}: ", question.label);
    if question.secret { ask_secretly(&prompt) } else { Ok(ask_plainly(&prompt)?.map(Secret::new)) }
}

/// Chooses what was not given: the only one that there is, or the one that is typed.
fn choose(
    context: &Context,
    options: &[ConnectorAsk],
    choices: &[SignInChoice],
    draft: &mut RemoteTenantDraft,
) -> Result<()> {
    for ask in options.iter().filter(|ask| ask.chosen) {
        if draft.options.contains_key(&ask.id) {
            continue;
        }
        let offered: Vec<_> = choices.iter().filter(|one| one.option == ask.id && !one.refused).collect();
        let chosen = match offered.as_slice() {
            [] => {
                let why = choices.iter().find(|one| one.option == ask.id).and_then(SignInChoice::reason);
                let says = format!("The server offers you nothing as {}.", ask.label);
                return Err(Error::new(ErrorCode::RemoteRefused, says).hint(why.unwrap_or("Sign in as somebody else.")));
            }
            [only] => Some(only.id.clone()),
            several => {
                for one in several {
                    context.output.warn(&described(one));
                }
                ask_plainly(&format!("{}: ", ask.label))?.map(|typed| typed.trim().to_owned())
            }
        };
        let id = chosen.ok_or_else(|| {
            let all: Vec<_> = offered.iter().map(|one| described(one)).collect();
            Error::new(ErrorCode::InvalidInput, format!("Several can be chosen as {}: {}.", ask.label, all.join("; ")))
                .hint(format!("Choose one with `--option {}=ID`.", ask.id))
        })?;
        draft.options.insert(ask.id.clone(), id);
    }
    Ok(())
}

pub(super) fn described(one: &SignInChoice) -> String {
    let facts: Vec<_> = one.group.iter().chain(&one.role).cloned().collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    format!("{}  {}{facts}", one.id, one.name)
}
