//! How fast a verifier with 1 000 000 keys decides on one thread, beside a bare SHA-256 and a look-up as the limit, the crate
//! `prefixed-api-key` and the Python verifier, all in one run; and what opening, a delta and the memory cost. Criterion's
//! figures come last.
//!
//! Fails where a result is wrong, and never over time or memory: those are for the reader to judge.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod others;
mod sample;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::Criterion;
use latchkey_verify::{Decision, Reason, Verifier};

use sample::{NOW, Sample};

const KEYS: u32 = 1_000_000;
/// How many decisions are timed one by one.
const ASKED: usize = 1_000_000;
/// How often what is short is measured; the median counts.
const ROUNDS: usize = 5;

fn main() {
    if let Some(folder) = std::env::var_os("LATCHKEY_BENCH_FOLDER") {
        return memory(Path::new(&folder));
    }
    let sample = Sample::new(KEYS);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    sample.write(folder.path());
    println!("a bundle of {KEYS} keys has {} bytes, {} a key", sample.file.len(), sample.file.len() / KEYS as usize);

    let open = || Verifier::open(sample.memory(), &sample.file, sample.signature.as_bytes()).unwrap();
    let times: Vec<Duration> = (0..ROUNDS).map(|_| timed(|| drop(black_box(open()))).0).collect();
    told("opening it, signature included", median(times), Duration::from_secs(1));
    // Another process, whose memory nobody else has used.
    let child = Command::new(std::env::current_exe().unwrap()).env("LATCHKEY_BENCH_FOLDER", folder.path()).output();
    print!("{}", String::from_utf8_lossy(&child.unwrap().stdout));

    let verifier = open();
    delta(&sample);
    decisions(&sample, &verifier);
    refusals(&sample, &verifier);
    others::python(folder.path());
    with_criterion(&sample, &verifier);
}

/// What a bundle takes of memory: what the process has more after opening than before, the file aside.
fn memory(folder: &Path) {
    let (memory, file, signature) = sample::read(folder);
    let (file_len, before) = (file.len() as u64, resident());
    let verifier = Verifier::open(memory, &file, &signature).unwrap();
    drop(file);
    let taken = resident() + file_len - before;
    let keys = verifier.bundle().keys().len() as u64;
    println!("memory: {} bytes a key ({} the aim of 100)", taken / keys, side(taken / keys > 100));
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1_024
}

fn delta(sample: &Sample) {
    let (file, signature) = sample.delta(1_000);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let verifier = Verifier::open(sample.memory(), &sample.file, sample.signature.as_bytes()).unwrap();
        let (took, taken) = timed(|| verifier.take(&file, signature.as_bytes()));
        assert_eq!(taken, Ok(()));
        times.push(took);
    }
    told("applying a delta of 1 000", median(times), Duration::from_millis(100));
}

fn decisions(sample: &Sample, verifier: &Verifier) {
    let texts = sample.shuffled(ASKED);
    let ask = |text: &str| matches!(verifier.decide(text, NOW), Ok(Decision::Valid(_)));
    let bare = others::bare(sample);
    let (own_texts, prefixed) = others::prefixed(KEYS, ASKED);
    // In turns, so that what else the machine does falls on all.
    let [own, limit, theirs] = rates([
        (texts.len(), &|| texts.iter().all(|text| ask(black_box(text)))),
        (texts.len(), &|| texts.iter().all(|text| bare.has(black_box(text)))),
        (own_texts.len(), &|| own_texts.iter().all(|text| prefixed.has(black_box(text)))),
    ]);
    println!("decisions a second and core, {KEYS} keys, every one valid and in no order:");
    println!(
        "  this verifier          {own:>10.0} ({} the aim of 1 000 000)",
        if own < 1e6 { "UNDER" } else { "over" }
    );
    println!("  SHA-256 and a hash map {limit:>10.0}; this verifier has {:.2} of it", own / limit);
    println!("  prefixed-api-key       {theirs:>10.0}; this verifier has {:.1} times that", own / theirs);

    let texts = sample.shuffled(ASKED);
    let mut times: Vec<Duration> = texts.iter().map(|text| timed(|| black_box(ask(black_box(text)))).0).collect();
    times.sort_unstable();
    let clock = median((0..10_000).map(|_| timed(|| ()).0).collect());
    let at = |per_mille: usize| times[ASKED / 1_000 * per_mille - 1];
    println!(
        "  one by one: median {} ns, 99.9th percentile {} ns, the clock's {} ns among it",
        at(500).as_nanos(),
        at(999).as_nanos(),
        clock.as_nanos()
    );
    told("  99th percentile", at(990), Duration::from_micros(5));
}

fn refusals(sample: &Sample, verifier: &Verifier) {
    let refused = |reason: Reason| move |text: &str| matches!(verifier.decide(text, NOW), Ok(Decision::Refused(refused)) if refused.reason == reason);
    for (what, texts) in sample.malformed() {
        let each = Duration::from_secs_f64(1.0 / rate(&texts, refused(Reason::Malformed)));
        told(&format!("a malformed key, {what}"), each, Duration::from_nanos(100));
    }
    let each = 1e9 / rate(&sample.unknown(), refused(Reason::Unknown));
    println!("an unknown key: {each:.0} ns");
}

/// How many a second, the median of some rounds. Each answer has to be yes.
fn rate(texts: &[String], ask: impl Fn(&str) -> bool) -> f64 {
    let [rate] = rates([(texts.len(), &|| texts.iter().all(|text| ask(black_box(text))))]);
    rate
}

/// The same for several that take turns: how many a round asks, and the round.
fn rates<const N: usize>(rounds: [(usize, &dyn Fn() -> bool); N]) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..ROUNDS {
        for ((_, round), times) in rounds.iter().zip(&mut times) {
            let (took, are_all) = timed(round);
            assert!(are_all);
            times.push(took);
        }
    }
    let mut times = times.into_iter();
    rounds.map(|(asked, _)| {
        let count = u32::try_from(asked).unwrap();
        f64::from(count) / median(times.next().unwrap()).as_secs_f64()
    })
}

fn with_criterion(sample: &Sample, verifier: &Verifier) {
    let mut criterion = Criterion::default().sample_size(20);
    let texts = sample.shuffled(100_000);
    let mut place = 0;
    criterion.bench_function("decide about a valid key", |bencher| {
        bencher.iter(|| {
            place = (place + 1) % texts.len();
            verifier.decide(black_box(&texts[place]), NOW)
        });
    });
    criterion.bench_function("refuse a text that is no key", |bencher| {
        bencher.iter(|| verifier.decide(black_box("Bearer"), NOW));
    });
}

fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let answer = what();
    (begun.elapsed(), answer)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn side(over: bool) -> &'static str {
    if over { "OVER" } else { "under" }
}

fn told(what: &str, took: Duration, aim: Duration) {
    println!("{what}: {took:.1?} ({} the aim of {aim:?})", side(took > aim));
}
