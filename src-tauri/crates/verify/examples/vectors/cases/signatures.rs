//! Signatures and comments that must not be believed.

use base64ct::{Base64, Encoding};
use latchkey_verify::Error;
use latchkey_verify::limits::MAX_SIGNATURE;

use super::raw::Raw;
use super::set::{EXPIRES, OTHER_TENANT, Set, TENANT, signer, take};

/// The order of the group of Ed25519, least significant byte first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub(crate) fn add(set: &mut Set) {
    files(set);
    forms(set);
    comments(set);
}

/// A signature file in pieces.
struct Pieces {
    untrusted: String,
    second: Vec<u8>,
    trusted: String,
    fourth: Vec<u8>,
}

impl Pieces {
    fn of(signature: &str) -> Self {
        let lines: Vec<&str> = signature.lines().collect();
        let decoded = |line: &str| Base64::decode_vec(line).unwrap();
        let (second, fourth) = (decoded(lines[1]), decoded(lines[3]));
        Self { untrusted: lines[0].to_owned(), second, trusted: lines[2].to_owned(), fourth }
    }

    fn text(&self) -> String {
        let Self { untrusted, second, trusted, fourth } = self;
        let (second, fourth) = (Base64::encode_string(second), Base64::encode_string(fourth));
        format!("{untrusted}\n{second}\n{trusted}\n{fourth}\n")
    }
}

fn files(set: &mut Set) {
    let (file, signature) = Raw::new().signed();
    let mut with = |name: &str, says: &str, file: Vec<u8>| {
        set.refused(name, says, (file, signature.clone()), Error::BadSignature);
    };
    let flipped = |place: usize, bit: u8| {
        let mut file = file.clone();
        file[place] ^= bit;
        file
    };
    with("file-first-bit", "a bit of the first byte differs", flipped(0, 0x80));
    with("file-middle-bit", "a bit in the middle differs", flipped(file.len() / 2, 1));
    with("file-last-bit", "a bit of the last byte differs", flipped(file.len() - 1, 1));
    with("file-longer", "a byte was added", [&file[..], &[0]].concat());
    with("file-shorter", "the last byte is missing", file[..file.len() - 1].to_vec());
    with("file-empty", "nothing is left", Vec::new());
    with(
        "file-other",
        "the signature of another bundle",
        Raw::new().with(super::raw::at::NAME, b"\x63Bay".to_vec()).bytes(),
    );

    let mut with = |name: &str, says: &str, error: Error, change: &dyn Fn(&mut Pieces)| {
        let mut pieces = Pieces::of(&signature);
        change(&mut pieces);
        set.refused(name, says, (file.clone(), pieces.text()), error);
    };
    with("signature-bit", "a bit of the signature differs", Error::BadSignature, &|pieces| pieces.second[10] ^= 1);
    with("signature-zero", "the signature is zeros", Error::BadSignature, &|pieces| pieces.second[10..].fill(0));
    with("global-signature-bit", "a bit of the comment's signature differs", Error::BadSignature, &|pieces| {
        pieces.fourth[63] ^= 1;
    });
    with("global-signature-zero", "the comment's signature is zeros", Error::BadSignature, &|pieces| {
        pieces.fourth.fill(0);
    });
    with("signature-s-plus-order", "the same signature once more, S too large", Error::BadSignature, &|pieces| {
        let mut carry = 0;
        for (byte, add) in pieces.second[42..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
    });
    with("comment-changed", "the comment was changed", Error::BadSignature, &|pieces| {
        pieces.trusted = pieces.trusted.replace("2026", "2036");
    });
    with("key-number-other", "the number of another key", Error::WrongKey, &|pieces| pieces.second[2] ^= 1);
    let by_other = Raw::new().signed_by(&signer(9));
    set.refused("signed-by-other", "another key signed", by_other.clone(), Error::WrongKey);
    let mut pieces = Pieces::of(&by_other.1);
    pieces.second[2..10].copy_from_slice(&Pieces::of(&signature).second[2..10]);
    let posing = (by_other.0, pieces.text());
    set.refused("signed-by-other-posing", "another key signed, and says it is this one", posing, Error::BadSignature);
}

fn forms(set: &mut Set) {
    let (file, signature) = Raw::new().signed();
    let lines: Vec<&str> = signature.lines().collect();
    let mut with = |name: &str, says: &str, signature: String| {
        set.refused(&format!("form-{name}"), says, (file.clone(), signature), Error::BadSignatureFile);
    };
    let replaced = |line: usize, text: &str| {
        let mut lines = lines.clone();
        lines[line] = text;
        lines.join("\n") + "\n"
    };
    with("empty", "no signature", String::new());
    with("three-lines", "the comment's signature is missing", lines[..3].join("\n") + "\n");
    with("five-lines", "a line more", format!("{signature}more\n"));
    with("empty-line", "an empty line more", format!("{signature}\n"));
    with("carriage-return", "lines end as in Windows", signature.replace('\n', "\r\n"));
    with("no-untrusted", "the first line is no comment", replaced(0, "signed by Latchkey"));
    with(
        "no-trusted",
        "the third line is no trusted comment",
        replaced(2, &lines[2].replace("trusted comment: ", "comment: ")),
    );
    with("tab", "a tab in the comment", replaced(0, "untrusted comment: \t"));
    with("beyond-ascii", "a letter beyond ASCII", replaced(0, "untrusted comment: ü"));
    with("too-long", "2049 bytes", {
        let longer = MAX_SIGNATURE + 1 - (signature.len() - lines[0].len());
        replaced(0, &format!("{:x<longer$}", "untrusted comment: "))
    });
    with("no-padding", "base64 without padding", replaced(1, lines[1].trim_end_matches('=')));
    with("space", "a space in base64", replaced(1, &format!("{} ", lines[1])));
    with("not-base64", "the second line is something else", replaced(1, &"!".repeat(100)));
    let stray = |line: &str, padding: &str| {
        // The last digit before the padding has bits that stand for nothing; they are zero.
        let digits = line.trim_end_matches('=');
        let (rest, last) = digits.split_at(digits.len() - 1);
        let next = match last {
            "A" => "B".to_owned(),
            last => char::from(last.as_bytes()[0] + 1).to_string(),
        };
        format!("{rest}{next}{padding}")
    };
    with("stray-bits", "bits that stand for nothing are set", replaced(1, &stray(lines[1], "=")));
    with("stray-bits-global", "the same in the fourth line", replaced(3, &stray(lines[3], "==")));
    with("short", "a byte too few", replaced(1, &Base64::encode_string(&Pieces::of(&signature).second[..73])));
    with("long", "a byte too many", {
        let second = [&Pieces::of(&signature).second[..], &[0]].concat();
        replaced(1, &Base64::encode_string(&second))
    });
    with("short-global", "the fourth line has a byte too few", {
        replaced(3, &Base64::encode_string(&Pieces::of(&signature).fourth[..63]))
    });
    for (name, algorithm) in [("legacy", *b"Ed"), ("other-algorithm", *b"EX")] {
        let mut pieces = Pieces::of(&signature);
        pieces.second[..2].copy_from_slice(&algorithm);
        with(name, "another algorithm", pieces.text());
    }
}

fn comments(set: &mut Set) {
    let whole = Raw::new().comment;
    let mut with = |name: &str, says: &str, comment: &str| {
        let raw = Raw { comment: comment.to_owned(), ..Raw::new() };
        set.refused(&format!("comment-{name}"), says, raw.signed(), Error::CommentDiffers);
    };
    with("other-sequence", "another sequence", &whole.replace("=42", "=43"));
    with("sequence-padded", "a zero before the sequence", &whole.replace("=42", "=042"));
    with("other-tenant", "another tenant", &whole.replace(&TENANT.to_string(), &OTHER_TENANT.to_string()));
    with(
        "tenant-capitals",
        "the tenant in capitals",
        &whole.replace(&TENANT.to_string(), &TENANT.to_string().to_uppercase()),
    );
    with("other-kind", "says it is a delta", &whole.replace("full", "delta"));
    with("other-expiry", "a later end", &whole.replace("2026-12", "2027-12"));
    with("expiry-in-seconds", "the end as a number", &whole.replace("2026-12-21T00:00:00Z", &EXPIRES.to_string()));
    with("space", "a space at the end", &format!("{whole} "));
    with("two-spaces", "two spaces", &whole.replace(" kind", "  kind"));
    with("empty", "nothing", "");
    with("of-minisign", "what minisign writes by itself", "timestamp:1795219200\tfile:a".replace('\t', " ").as_str());
    with("more", "something more", &format!("{whole} name=Harbour"));
    let file = set.file("comment-other-kind", Raw { comment: whole.replace("full", "delta"), ..Raw::new() }.signed());
    set.malicious(
        "comment-again",
        "refused each time",
        vec![take(&file, Err(Error::CommentDiffers)), take(&file, Err(Error::CommentDiffers))],
    );
}
