use latchkey_domain::field::Rule;

/// The words for what can be wrong with the way to a server.
pub(super) fn sentence(field: &str, rule: &Rule) -> (String, String) {
    let (message, hint) = match rule {
        Rule::KeyAlone => (
            format!("{field} has a key in it, but no certificate."),
            "Put both into one file: `cat client.crt client.key > client.pem`.",
        ),
        Rule::NoPrivateKey => (
            format!("{field} has a certificate in it, but not its key."),
            "Put both into one file: `cat client.crt client.key > client.pem`.",
        ),
        Rule::EncryptedKey => (
            format!("The key in {} is encrypted.", inside(field)),
            "Decrypt it with `openssl pkey -in client.pem -out client.key`, and put it behind the certificate. The vault encrypts it anew.",
        ),
        Rule::OtherKey => (
            format!("The key in {} does not belong to the certificate, or cannot be used.", inside(field)),
            "Name the file with the certificate and its own key: RSA, or EC with P-256, P-384 or P-521, or Ed25519.",
        ),
        Rule::NotAProxy => {
            (format!("{field} is none."), "Write it as http://proxy.example.com:3128, or with https:// or socks5://.")
        }
        Rule::PasswordInside => (
            format!("{field} has a user or a password in it."),
            "Leave them out of it: they have a place of their own, and lie in the vault.",
        ),
        Rule::NotASignIn => {
            (format!("{field} is not a user and a password."), "Give both with a colon between them, as user:password.")
        }
        Rule::OtherServer => (
            format!("{field} was given for another server."),
            "Give the credential of this one, or say that it may have the one that is stored.",
        ),
        Rule::Unanswered => (
            format!("{field} leads away from a server that was asked for a key and has not answered yet."),
            "Refresh the tenant first, so that what became of the key is found out; or say that it is left there unanswered.",
        ),
        Rule::Asked => (
            format!("{field} is that of a key which the server was asked for before, without an answer so far."),
            "The server may still be making it: try again in five minutes. As long as rows of its list cannot be \
             understood, nobody can tell whether it did. A key of another name can be made now. Where you know that it \
             was not made, give it up with `latchkey tenant give-up`.",
        ),
        Rule::Orphaned => (
            format!("{field} is that of a key which the server has made, and whose text never arrived."),
            "Revoke that key first. A key of another name can be made now.",
        ),
        _ => (format!("{field} has no certificate in it."), "Name a PEM file: it has a line BEGIN CERTIFICATE."),
    };
    (message, hint.to_owned())
}

fn inside(field: &str) -> String {
    field.replacen("The ", "the ", 1)
}
