use latchkey_domain::field::Rule;

/// The words for what can be wrong with verifier bundles.
pub(super) fn sentence(field: &str, rule: &Rule) -> (String, String) {
    let (message, hint) = match rule {
        Rule::NotAPublicKey => (
            format!("{field} is neither one of minisign nor a file with one."),
            "Give what `latchkey bundle public-key` prints, or the name of a file with it.",
        ),
        Rule::NotExported => (format!("{field} is that of no bundle."), "Leave it out, and export a full bundle."),
        _ => (format!("{field} is a remote one."), "Name a local tenant: `latchkey tenant list` shows which are."),
    };
    (message, hint.to_owned())
}
