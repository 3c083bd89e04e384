//! `run`: kept secrets in a program's environment, masked in what it prints.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use crate::desk::{Answer, Desk, handle_of, key_in};

/// A desk with the kept key `crane`, and its text.
fn with_kept_key() -> (Desk, String) {
    let desk = Desk::new();
    desk.unlocked(&["key", "new", "-t", "Harbour", "--name", "crane", "--keep", "--out", "crane.APIKEY"]).ok();
    let key = key_in(&desk.path("crane.APIKEY"));
    (desk, key)
}

fn command(desk: &Desk, script: &str) -> Command {
    let passphrase = desk.arg("passphrase");
    let args = ["--passphrase-file", &passphrase, "run", "--env", "API_KEY=crane", "--", "sh", "-c", script];
    let mut command = desk.command(&args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(desk: &Desk, script: &str) -> Answer {
    Answer::from(command(desk, script).output().unwrap())
}

#[test]
fn the_secret_is_in_the_program_and_nowhere_else() {
    let (desk, key) = with_kept_key();
    let script = "printf %s \"$API_KEY\" > got
        cp /proc/self/environ child
        cp /proc/$PPID/environ parent; cp /proc/$PPID/cmdline parent-cmdline; cp /proc/$$/cmdline child-cmdline";
    run(&desk, script).ok();
    assert_eq!(fs::read_to_string(desk.path("got")).unwrap(), key);
    let has = |name: &str| fs::read_to_string(desk.path(name)).unwrap().contains(&key);
    assert!(has("child"));
    for other in ["parent", "parent-cmdline", "child-cmdline"] {
        assert!(!has(other), "{other}");
    }
    let log = desk.json(&["audit", "list", "--limit", "1"]);
    assert_eq!((log[0]["kind"].as_str(), log[0]["detail"].as_str()), (Some("secret_injected"), Some("sh")));
}

#[test]
fn secrets_are_masked_wherever_they_are_cut() {
    let (desk, key) = with_kept_key();
    let shown = format!("lk_{}_***", handle_of(&key));
    let script = "echo \"a $API_KEY b\"; echo \"$API_KEY$API_KEY\" >&2
        cut1=${API_KEY%???????????????????????}; cut2=${API_KEY#$cut1}
        printf %s \"$cut1\"; sleep 0.3; printf '%s\\n' \"$cut2\"
        printf %s \"$cut1\"";
    let answer = run(&desk, script);
    assert_eq!(answer.stderr, format!("{shown}{shown}\n"));
    // What only begins like a secret is printed at the end, when it cannot become one any more.
    let (beginning, _) = key.split_at(key.len() - 23);
    assert_eq!(answer.ok(), format!("a {shown} b\n{shown}\n{beginning}"));
    let dribbled =
        "i=1; while [ $i -le ${#API_KEY} ]; do printf %s \"$API_KEY\" | cut -c$i | tr -d '\\n'; i=$((i+1)); done";
    assert_eq!(run(&desk, dribbled).ok(), shown);
}

#[test]
fn bytes_that_are_no_text_come_through() {
    let (desk, key) = with_kept_key();
    let bytes: Vec<u8> = (0..300_000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
    fs::write(desk.path("bytes"), [&bytes, key.as_bytes(), &bytes].concat()).unwrap();
    let output = command(&desk, "cat bytes").output().unwrap();
    let shown = format!("lk_{}_***", handle_of(&key));
    assert!(output.stdout == [&bytes, shown.as_bytes(), &bytes].concat());
}

#[test]
fn a_prompt_appears_at_once_and_input_arrives() {
    let (desk, _) = with_kept_key();
    let mut child = command(&desk, "printf 'lk? '; read answer; echo \"got $answer\"").spawn().unwrap();
    let mut prompt = [0; 4];
    child.stdout.as_mut().unwrap().read_exact(&mut prompt).unwrap();
    assert_eq!(&prompt, b"lk? ");
    child.stdin.as_mut().unwrap().write_all(b"yes\n").unwrap();
    assert_eq!(Answer::from(child.wait_with_output().unwrap()).ok(), "got yes\n");
}

#[test]
fn how_it_ended_is_passed_on() {
    let (desk, _) = with_kept_key();
    assert_eq!(run(&desk, "exit 42").status, Some(42));
    assert_eq!(run(&desk, "kill -9 $$").status, Some(128 + 9));
    let passphrase = desk.arg("passphrase");
    let unlocked = ["--json", "--passphrase-file", &passphrase, "run", "--env", "S=crane", "--"];
    for program in ["no-such-program", "./crane.APIKEY", "/"] {
        let error = desk.run(&[&unlocked[..], &[program]].concat()).refused(1);
        assert!(error["message"].as_str().unwrap().contains(program), "{error}");
    }
    // What comes after the program is the program's, whatever it looks like.
    assert_eq!(desk.run(&[&unlocked[..], &["echo", "--json", "--", "--help"]].concat()).ok(), "--json -- --help\n");
}

fn started(desk: &Desk, script: &str) -> Child {
    let mut child = command(desk, script).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    child
}

#[test]
fn signals_reach_the_program() {
    let (desk, _) = with_kept_key();
    for (signal, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let script = format!("trap 'kill $!; exit 7' {signal}; echo ready; sleep 30 & wait");
        let child = started(&desk, &script);
        assert!(Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(7), "{signal}");
        let child = started(&desk, "echo ready; exec sleep 30");
        Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(128 + number), "{signal}");
    }
}

#[test]
fn a_reader_that_stops_stops_the_program() {
    let (desk, _) = with_kept_key();
    let mut child = command(&desk, "yes").spawn().unwrap();
    let mut some = [0; 10];
    child.stdout.as_mut().unwrap().read_exact(&mut some).unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(128 + 13));
}

/// All secrets are read before the program starts.
#[test]
fn half_of_the_secrets_is_not_enough() {
    let (desk, _) = with_kept_key();
    desk.key("printed", &[]);
    let passphrase = desk.arg("passphrase");
    let run = |more: &[&str]| {
        let args =
            [&["--json", "--passphrase-file", &passphrase, "run", "--env", "A=crane"], more, &["--", "touch", "ran"]];
        desk.run(&args.concat())
    };
    assert_eq!(run(&["--env", "B=printed"]).refused(1)["code"], "not_now");
    assert_eq!(run(&["--env", "B=nothing"]).refused(1)["code"], "not_found");
    assert_eq!(run(&["--env", "A=crane"]).refused(2)["code"], "invalid_input");
    assert_eq!(desk.refused(&["run", "--env", "A=crane", "--", "touch", "ran"], 5)["code"], "vault_locked");
    assert!(!desk.path("ran").exists());
    run(&["--env", "B=crane"]).ok();
    assert!(desk.path("ran").exists());
}

/// Somebody removed the secret from the vault by hand.
#[test]
fn a_secret_that_is_missing_is_said_to_be() {
    let (desk, _) = with_kept_key();
    let fresh = Desk::new();
    fs::copy(fresh.path("home/vault.lkv"), desk.path("home/vault.lkv")).unwrap();
    let answer = desk.unlocked(&["--json", "run", "--env", "A=crane", "--", "true"]);
    assert_eq!(answer.refused(5)["code"], "secret_missing");
    assert_eq!(desk.json(&["key", "show", "crane"])["holding"], "missing");
}
