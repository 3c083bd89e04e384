//! Several processes at once over one profile.

use std::collections::HashSet;
use std::fs;
use std::thread;

use crate::desk::{Desk, key_in};

#[test]
fn keys_generated_at_once_are_all_there() {
    let desk = Desk::new();
    thread::scope(|scope| {
        for process in 0..4 {
            let desk = &desk;
            scope.spawn(move || {
                for number in 0..5 {
                    let (name, file) = (format!("crane {process}-{number}"), format!("{process}-{number}.APIKEY"));
                    desk.ok(&["key", "new", "-t", "Harbour", "--name", &name, "--out", &file]);
                }
            });
        }
    });
    assert_eq!(desk.names().len(), 20);
    let log = desk.json(&["audit", "list"]);
    let numbers: Vec<_> = log.as_array().unwrap().iter().map(|event| event["sequence"].as_u64().unwrap()).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] == pair[1] + 1), "without a gap: {numbers:?}");
    assert_eq!(fs::read_dir(desk.path("home/running")).unwrap().count(), 0, "nobody is left");
}

#[test]
fn secrets_kept_at_once_are_all_kept() {
    let desk = Desk::new();
    thread::scope(|scope| {
        for process in 0..4 {
            let desk = &desk;
            let name = format!("crane {process}");
            scope.spawn(move || desk.unlocked(&["key", "new", "-t", "Harbour", "--name", &name, "--keep"]).ok());
        }
    });
    desk.unlocked(&["key", "list"]).ok();
    let keys = desk.json(&["key", "list"]);
    assert!(keys.as_array().unwrap().iter().all(|key| key["kept"] == true), "{keys}");
    let log = desk.json(&["audit", "list"]);
    assert!(!log.to_string().contains("secret_missing"), "{log}");
}

#[test]
fn one_file_gets_one_key() {
    let desk = Desk::new();
    let statuses: Vec<_> = thread::scope(|scope| {
        let tries: Vec<_> = (0..6)
            .map(|number| {
                let desk = &desk;
                let name = format!("crane {number}");
                scope.spawn(move || {
                    desk.run(&["key", "new", "-t", "Harbour", "--name", &name, "--out", "crane.APIKEY"]).status
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == Some(0)).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().collect::<HashSet<_>>(), HashSet::from([&Some(0), &Some(1)]));
    assert_eq!(desk.names().len(), 1);
    assert_eq!(desk.verify("Harbour", &key_in(&desk.path("crane.APIKEY")), &[]).0, "valid");
}

#[test]
fn one_key_is_revoked_once() {
    let desk = Desk::new();
    desk.key("crane", &[]);
    let done = thread::scope(|scope| {
        let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| desk.run(&["key", "revoke", "crane"]).status)).collect();
        tries.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == Some(0)).count()
    });
    assert_eq!(done, 1);
}
