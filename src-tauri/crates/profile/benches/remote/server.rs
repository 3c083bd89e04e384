//! A server on loopback that lists its keys after some time.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Starts one; answers with its address. The time until it answers is what is measured against.
pub(crate) fn start(number: usize, keys: u32, answers_after: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let list = list(number, keys);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let list = list.clone();
            // A client that goes away is its own business.
            thread::spawn(move || serve(&stream, &list, answers_after));
        }
    });
    url
}

fn list(number: usize, keys: u32) -> String {
    let mut rows = String::new();
    for key in 0..keys {
        let separator = if key == 0 { "" } else { "," };
        write!(
            rows,
            r#"{separator}{{"id":"{number}-{key}","name":"crane {key} of quay {number}","keyPostfix":"{key:04}","permissions":["files:read"],"createOn":"2026-03-01T10:00:00.0000000+02:00","isActive":true}}"#
        )
        .unwrap();
    }
    format!(r#"{{"response":[{rows}]}}"#)
}

fn serve(stream: &TcpStream, list: &str, answers_after: Duration) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut stream = stream;
    loop {
        let mut first = String::new();
        reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            if line.trim_end().is_empty() {
                break;
            }
        }
        thread::sleep(answers_after);
        let body = if first.contains("permissions") { r#"{"response":["*","files:read"]}"# } else { list };
        let head = format!("HTTP/1.1 200 -\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    }
}
