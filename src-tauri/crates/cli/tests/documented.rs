//! The command line as its help and its pages show it: the files in `cmd` are what is typed and what is answered.
//!
//! `TRYCMD=overwrite cargo test -p latchkey-cli --test documented` writes the answers anew.

#[test]
fn sessions() {
    trycmd::TestCases::new()
        .register_bin("latchkey", std::path::Path::new(env!("CARGO_BIN_EXE_latchkey")))
        .env("LATCHKEY_HOME", "home")
        .case("tests/cmd/*.md");
}
