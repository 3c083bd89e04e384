//! Makes `docs/bundle-vectors/vectors.json`, the test vectors of the bundle format: `cargo run -p latchkey-verify --example vectors`.
//!
//! Seeds, keys and times are fixed, so it makes the same bytes each time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cases;

fn main() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/bundle-vectors/vectors.json");
    std::fs::write(path, cases::all().to_json()).expect("the vectors are written");
}
