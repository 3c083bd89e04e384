use std::io::Write as _;
use std::time::{Duration, SystemTime};

use latchkey_app::bundle;
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::ErrorCode;
use latchkey_gate::{Config, Gate, GateError, HeaderName, Proxy, Requirement, Requirements};
use latchkey_verify::unix_seconds;
use serde::Serialize;

use crate::args::{self, ProxyKind};
use crate::context::Context;
use crate::output::without_secrets;
use crate::signals::Caught;

/// How often the bundle is looked at.
const INTERVAL: Duration = Duration::from_secs(1);
/// After so many looks a file and a signature that do not fit are refused.
const PATIENCE: u32 = 5;

/// What is printed when it listens.
#[derive(Serialize)]
struct Listening {
    listen: String,
    admin: Option<String>,
    tenant: String,
    sequence: u64,
}

pub(super) fn run(context: &Context, args: args::Gate) -> Result<()> {
    if context.is_offline() {
        return Err(Error::new(ErrorCode::Offline, "The gate listens on the network, and Latchkey is offline.")
            .hint("Leave `--offline` out: the gate itself asks nobody."));
    }
    let (is_open, config) = (!args.listen.ip().is_loopback(), config(args)?);
    let clock = || unix_seconds(SystemTime::now());
    let log = |line: &str| {
        // Whoever does not listen misses it; the gate goes on.
        let _ = writeln!(std::io::stderr().lock(), "{}", without_secrets(line));
    };
    let gate = Gate::open(config, clock, log).map_err(|error| failed(&error))?;
    let unknown = |cause| Error::new(ErrorCode::Failed, format!("Could not find out where it listens: {cause}."));
    let listening = Listening {
        listen: gate.address().map_err(unknown)?.to_string(),
        admin: gate.admin_address().map_err(unknown)?.map(|address| address.to_string()),
        tenant: gate.tenant(),
        sequence: gate.sequence(),
    };
    let stop = gate.stop();
    let cannot = |cause| Error::new(ErrorCode::Failed, format!("Could not watch for signals: {cause}."));
    let _caught = Caught::each(move |_| stop.stop()).map_err(cannot)?;
    if is_open {
        context.output.warn("Other computers can reach this address, and keys come over it unencrypted.");
    }
    context.output.answer(&listening, || {
        let Listening { listen, admin, tenant, sequence } = &listening;
        let admin = admin.as_ref().map(|admin| format!("health and metrics on {admin}\n")).unwrap_or_default();
        format!("listening on {listen}\n{admin}tenant {tenant}, sequence {sequence}")
    })?;
    gate.run().map_err(|error| failed(&error))
}

fn config(args: args::Gate) -> Result<Config> {
    let wrong = |message: String| Error::new(ErrorCode::InvalidInput, message);
    let requirement = |text: &String| {
        text.parse::<Requirement>().map_err(|problem| {
            wrong(format!("`--require {text}` cannot be used: {problem}."))
                .hint("Write for example `--require /billing=Billing`.")
        })
    };
    let header = |name: String| {
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
            wrong(format!("`{name}` is no name of a header.")).hint("Write for example `--header X-Token`.")
        })
    };
    if !args.prefix.is_empty() && args.proxy != Some(ProxyKind::Envoy) {
        return Err(wrong("Only Envoy puts a prefix before the path.".to_owned()).hint("Leave `--prefix` out."));
    }
    Ok(Config {
        bundle: args.bundle,
        public_key: bundle::trusted_key(&args.public_key)?,
        endorsements: args.endorsement,
        state: args.state,
        listen: args.listen,
        admin: args.admin,
        proxy: args.proxy.map(|kind| match kind {
            ProxyKind::Nginx => Proxy::Nginx,
            ProxyKind::Traefik => Proxy::Traefik,
            ProxyKind::Caddy => Proxy::Caddy,
            ProxyKind::Envoy => Proxy::Envoy { prefix: args.prefix.trim_end_matches('/').to_owned() },
        }),
        requirements: args.require.iter().map(requirement).collect::<Result<Requirements>>()?,
        header: args.header.map(header).transpose()?,
        interval: INTERVAL,
        patience: PATIENCE,
    })
}

fn failed(error: &GateError) -> Error {
    let hint = match error {
        GateError::Bundle { cause: latchkey_verify::Error::Misfit, .. } => {
            "A start needs a full bundle. Put a delta beside it, as FILE.delta and FILE.delta.minisig."
        }
        GateError::Bundle { cause: latchkey_verify::Error::WrongKey, .. } => {
            "Where the tenant has a new signing key, put its endorsement beside the bundle, as FILE.endorsement and \
             FILE.endorsement.minisig, or give the new public key."
        }
        GateError::Bundle { .. } => "Bring the newest bundle and its signature, and check the public key.",
        GateError::Read { .. } => "Look whether the files are there, and whether this user may read them.",
        GateError::State(_) => "Take the file away only where you know that the bundle is the newest one.",
        GateError::Note { .. } => "Name a file with `--state` in a folder that this user may write to.",
        GateError::NoProxy => "Say with `--proxy` who asks.",
        GateError::Listen { .. } => "Choose an address of this computer and a port that is free.",
        GateError::Start(_) => "Try again when the computer has room for another program.",
    };
    let text = error.to_string();
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    Error::new(ErrorCode::Failed, format!("{}{rest}.", first.to_uppercase())).hint(hint)
}
