//! Time and peak memory of drawing keys and of batches, each in a process of its own. A batch is measured with its file
//! and its database on disk, and every key of its file is then shown to `verify`. One that is cancelled at the middle has to
//! leave nothing, and one that is killed there has to go on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{
    BatchDelivery, BatchDraft, BatchEnd, BatchNames, Decision, Expiration, KeyQuery, TenantDraft, VaultKind,
};
use latchkey_app::{batch, key, tenant, verify};
use latchkey_domain::key_format::{self, KeyFormat, Prefix};
use latchkey_domain::secret::Secret;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;

/// A public key of age from its own documentation. Nobody opens what is sealed here.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
/// Each with the most milliseconds and MiB that it should take, where that is fixed.
const CASES: [(&str, &str, Option<Aim>); 6] = [
    ("draw", "10 000 keys drawn", Some(Aim { millis: 1_000, mib: None })),
    ("table", "batch of 100 000 keys to CSV", Some(Aim { millis: 5_000, mib: Some(200) })),
    ("sealed", "batch of 100 000 keys to CSV, sealed", None),
    ("folder", "batch of 10 000 keys to sealed files", None),
    ("cancel", "batch of 100 000 keys, cancelled at the middle", None),
    ("resume", "batch of 100 000 keys, killed at the middle, resumed", None),
];
const KEYS: u32 = 100_000;

struct Aim {
    millis: u128,
    mib: Option<u64>,
}

/// Fails where a result is wrong, and never over time or memory: those are for the reader to judge.
fn main() {
    let wanted = std::env::var("LATCHKEY_BENCH_CASE").unwrap_or_default();
    let Some((_, _, aim)) = CASES.iter().find(|(case, ..)| *case == wanted) else {
        if wanted == "die" {
            return die();
        }
        for (case, what, _) in CASES {
            let done = again(case).output().unwrap();
            let answer = String::from_utf8_lossy(&done.stdout);
            assert!(done.status.success(), "{what}: {}", String::from_utf8_lossy(&done.stderr));
            println!("{what:<53} {}", answer.trim());
        }
        return;
    };
    let aim = aim.as_ref();
    let said = match wanted.as_str() {
        "draw" => draw(10_000, aim),
        "table" => run(KEYS, BatchDelivery::Csv, &[], aim),
        "sealed" => run(KEYS, BatchDelivery::Csv, &[RECIPIENT], aim),
        "cancel" => cancel(),
        "resume" => resume(),
        _ => run(10_000, BatchDelivery::Folder, &[RECIPIENT], aim),
    };
    println!("{said}");
}

/// This program once more, for one case.
fn again(case: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("LATCHKEY_BENCH_CASE", case);
    command
}

fn draw(keys: u32, aim: Option<&Aim>) -> String {
    let mut rng = UnwrapErr(SysRng);
    let begun = Instant::now();
    for _ in 0..keys {
        std::hint::black_box(key_format::generate(KeyFormat::Latchkey, &Prefix::default(), &mut rng));
    }
    told(begun.elapsed(), aim)
}

fn run(count: u32, delivery: BatchDelivery, recipients: &[&str], aim: Option<&Aim>) -> String {
    let place = Place::new();
    let (session, tenant) = place.profile();
    // The memory of the passphrase vault is not the batch's.
    let before = reset_peak();
    let begun = Instant::now();
    let mut drawn = Duration::ZERO;
    let draft = draft(&tenant, count, delivery, recipients);
    let end = batch::run(&session, &operator(), &draft, None, &place.file(), &mut |progress| {
        if progress.listed == 0 {
            drawn = begun.elapsed();
        }
        ControlFlow::Continue(())
    });
    let took = begun.elapsed();
    assert!(matches!(end.unwrap(), BatchEnd::Done { .. }));
    let mut said = format!("{}, of it {} ms to write the file{before}", told(took, aim), drawn.as_millis());
    if delivery == BatchDelivery::Csv && recipients.is_empty() {
        said.push_str(&verified(&session, &tenant, &place.file(), count));
    }
    said
}

/// Cancelled when half of the keys are drawn, and once more when half are in the list: nothing is left of either.
fn cancel() -> String {
    let place = Place::new();
    let (session, tenant) = place.profile();
    let draft = draft(&tenant, KEYS, BatchDelivery::Csv, &[]);
    let mut said = Vec::new();
    for (when, in_list) in [("drawn", false), ("listed", true)] {
        let mut cancelled = Instant::now();
        let end = batch::run(&session, &operator(), &draft, None, &place.file(), &mut |progress| {
            if if in_list { progress.listed } else { progress.drawn } < KEYS / 2 {
                return ControlFlow::Continue(());
            }
            cancelled = Instant::now();
            ControlFlow::Break(())
        });
        assert_eq!(end.unwrap(), BatchEnd::Cancelled);
        said.push(format!("{} ms to take it back when half is {when}", cancelled.elapsed().as_millis()));
        let total = key::count(&session, &KeyQuery::default()).unwrap().total;
        assert_eq!((total, place.files()), (0, 0), "nothing is left of a cancelled batch");
        assert!(batch::unfinished(&session).unwrap().is_empty());
    }
    said.join(", ")
}

/// The process is killed when half of the keys are drawn, and once more when half are in the list.
fn resume() -> String {
    let mut said = Vec::new();
    for when in ["drawn", "listed"] {
        let place = Place::new();
        drop(place.profile());
        let died =
            again("die").env("LATCHKEY_BENCH_HOME", place.folder.path()).env("LATCHKEY_BENCH_DIE", when).output();
        assert!(!died.unwrap().status.success(), "the process was to die when half is {when}");
        let begun = Instant::now();
        // Opening the profile goes on with what was decided; what was not waits for the operator.
        let session = latchkey_profile::open(&place.home(), None).unwrap();
        let waits = batch::unfinished(&session).unwrap();
        assert_eq!(waits.len(), usize::from(when == "drawn"));
        for batch in &waits {
            assert_eq!(key::count(&session, &KeyQuery::default()).unwrap().total, 0, "no key is in the list yet");
            let end = batch::resume(&session, &operator(), &batch.id, &mut |_| ControlFlow::Continue(()));
            assert!(matches!(end.unwrap(), BatchEnd::Done { summary } if summary.keys == KEYS));
        }
        let took = begun.elapsed();
        assert_eq!(key::count(&session, &KeyQuery::default()).unwrap().total, KEYS);
        assert_eq!(place.files(), 1, "no part is left");
        let verified = verified(&session, "Harbour", &place.file(), KEYS);
        said.push(format!("{} ms for the rest when half was {when}{verified}", took.as_millis()));
    }
    said.join(", ")
}

/// What [`resume`] has killed.
fn die() {
    let place = PathBuf::from(std::env::var_os("LATCHKEY_BENCH_HOME").unwrap());
    let in_list = std::env::var("LATCHKEY_BENCH_DIE").unwrap() == "listed";
    let session = latchkey_profile::open(&place.join("profile"), None).unwrap();
    let draft = draft("Harbour", KEYS, BatchDelivery::Csv, &[]);
    let end = batch::run(&session, &operator(), &draft, None, &place.join("keys"), &mut |progress| {
        if if in_list { progress.listed } else { progress.drawn } >= KEYS / 2 {
            std::process::abort();
        }
        ControlFlow::Continue(())
    });
    end.unwrap();
}

/// A folder on the disk with a profile and the file of a batch.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap() }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("keys")
    }

    /// A new profile with a tenant, by its identifier.
    fn profile(&self) -> (Session, String) {
        let passphrase = Secret::new("correct horse battery".into());
        let session = latchkey_profile::create(&self.home(), VaultKind::Passphrase, Some(&passphrase)).unwrap();
        let tenant = TenantDraft { name: "Harbour".into(), prefix: None, template: None, own_template: None };
        let tenant = tenant::add(&session, &operator(), &tenant).unwrap().id;
        (session, tenant)
    }

    /// How many files and parts lie beside the profile.
    fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path()).unwrap().count() - 1
    }
}

fn operator() -> Operator {
    Operator { name: "Ada".into(), origin: Origin::CommandLine }
}

fn draft(tenant: &str, count: u32, delivery: BatchDelivery, recipients: &[&str]) -> BatchDraft {
    BatchDraft {
        tenant: tenant.to_owned(),
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
    }
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

/// Time and memory, and on which side of the aim they are.
fn told(took: Duration, aim: Option<&Aim>) -> String {
    let peak = peak().map(|kib| kib.div_ceil(1_024));
    let side = |over: bool, aim: String| format!(" ({} the aim of {aim})", if over { "OVER" } else { "under" });
    let time = aim.map(|aim| side(took.as_millis() > aim.millis, format!("{} ms", aim.millis)));
    let most = aim.and_then(|aim| aim.mib);
    let memory = most.zip(peak).map(|(most, peak)| side(peak > most, format!("{most} MiB")));
    let peak = peak.map_or("unknown".to_owned(), |mib| format!("{mib} MiB"));
    format!("{:>6} ms{}, peak {peak}{}", took.as_millis(), time.unwrap_or_default(), memory.unwrap_or_default())
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
