use latchkey_app::error::Result;
use latchkey_app::wire::VaultKind;
use serde_json::json;

use crate::args::VaultChoice;
use crate::context::Context;

pub(super) fn run(context: &Context, vault: VaultChoice) -> Result<()> {
    let home = context.home()?;
    let (kind, words, passphrase) = match vault {
        VaultChoice::Keychain => (VaultKind::Keychain, "this computer's keychain", None),
        VaultChoice::Passphrase => (VaultKind::Passphrase, "a passphrase vault", context.new_passphrase()?),
    };
    latchkey_profile::create(&home, kind, passphrase.as_ref())?;
    context.output.answer(&json!({ "home": home.display().to_string(), "vault": kind }), || {
        format!("Made a profile in {}. Secrets that you keep go into {words}.", home.display())
    })
}
