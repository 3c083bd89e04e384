//! Time and peak memory of drawing keys and of batches, each in a process of its own. A batch is measured with its file
//! and its database on disk, and every key of its file is then shown to `verify`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{
    BatchDelivery, BatchDraft, BatchEnd, BatchNames, Decision, Expiration, TenantDraft, VaultKind,
};
use latchkey_app::{batch, tenant, verify};
use latchkey_domain::key_format::{self, KeyFormat, Prefix};
use latchkey_domain::secret::Secret;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;

/// A public key of age from its own documentation. Nobody opens what is sealed here.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const CASES: [(&str, &str); 4] = [
    ("draw", "10 000 keys drawn (aim 1 s)"),
    ("table", "batch of 100 000 keys to CSV (aims 5 s, 200 MiB)"),
    ("sealed", "batch of 100 000 keys to CSV, sealed"),
    ("folder", "batch of 10 000 keys to sealed files"),
];

fn main() {
    let wanted = std::env::var("LATCHKEY_BENCH_CASE").unwrap_or_default();
    if wanted.is_empty() {
        for (case, what) in CASES {
            let done =
                Command::new(std::env::current_exe().unwrap()).env("LATCHKEY_BENCH_CASE", case).output().unwrap();
            let answer = String::from_utf8_lossy(&done.stdout);
            assert!(done.status.success(), "{what}: {}", String::from_utf8_lossy(&done.stderr));
            println!("{what:<50} {}", answer.trim());
        }
        return;
    }
    let took = match wanted.as_str() {
        "draw" => draw(10_000),
        "table" => run(100_000, BatchDelivery::Csv, &[]),
        "sealed" => run(100_000, BatchDelivery::Csv, &[RECIPIENT]),
        _ => run(10_000, BatchDelivery::Folder, &[RECIPIENT]),
    };
    println!("{took}");
}

fn draw(keys: u32) -> String {
    let mut rng = UnwrapErr(SysRng);
    let begun = Instant::now();
    for _ in 0..keys {
        std::hint::black_box(key_format::generate(KeyFormat::Latchkey, &Prefix::default(), &mut rng));
    }
    told(begun.elapsed())
}

fn run(count: u32, delivery: BatchDelivery, recipients: &[&str]) -> String {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let home = folder.path().join("profile");
    let passphrase = Secret::new("correct horse battery".into());
    let session = latchkey_profile::create(&home, VaultKind::Passphrase, Some(&passphrase)).unwrap();
    let operator = Operator { name: "Ada".into(), origin: Origin::CommandLine };
    let tenant = TenantDraft { name: "Harbour".into(), prefix: None, template: None, own_template: None };
    let tenant = tenant::add(&session, &operator, &tenant).unwrap().id;
    let draft = BatchDraft {
        tenant: tenant.clone(),
        names: BatchNames::Pattern { pattern: "device-{n:05}".into(), count },
        description: String::new(),
        owner: None,
        api_sets: Vec::new(),
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        expires: Expiration::Never,
        delivery,
        recipients: recipients.iter().map(|&text| text.to_owned()).collect(),
    };
    // The memory of the passphrase vault is not the batch's.
    let before = reset_peak();
    let target = folder.path().join("keys");
    let begun = Instant::now();
    let mut drawn = Duration::ZERO;
    let end = batch::run(&session, &operator, &draft, None, &target, &mut |progress| {
        if progress.listed == 0 {
            drawn = begun.elapsed();
        }
        ControlFlow::Continue(())
    });
    let took = begun.elapsed();
    assert!(matches!(end.unwrap(), BatchEnd::Done { .. }));
    let mut said = format!("{}, of it {} ms to write the file{before}", told(took), drawn.as_millis());
    if delivery == BatchDelivery::Csv && recipients.is_empty() {
        said.push_str(&verified(&session, &tenant, &target, count));
    }
    said
}

fn verified(session: &Session, tenant: &str, file: &Path, count: u32) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let mut valid = 0;
    for line in text.lines().skip(1) {
        let key = Secret::new(line.split(',').nth(2).unwrap().to_owned());
        let decision = verify::verify(session, tenant, &key).unwrap();
        valid += u32::from(matches!(decision, Decision::Valid { .. }));
    }
    assert_eq!(valid, count, "every key of the file is valid");
    format!("; verify accepts all {valid}")
}

fn told(took: Duration) -> String {
    format!(
        "{:>6} ms, peak {}",
        took.as_millis(),
        peak().map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024))
    )
}

/// The most memory that this process had, in KiB (Linux).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

/// Counts the peak from here on; where that is not possible the figure says what is in it.
fn reset_peak() -> &'static str {
    if std::fs::write("/proc/self/clear_refs", "5").is_ok() { "" } else { " (peak with the vault's)" }
}
