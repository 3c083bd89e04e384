//! A server on loopback that answers as a test says.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Not as _;
use std::sync::Arc;
use std::thread;

pub(crate) struct Request {
    pub(crate) method: String,
    /// With what follows the question mark.
    pub(crate) path: String,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// Answers each request until the test ends, or hangs up where there is no answer. Says at which address.
pub(crate) fn listen(answer: impl Fn(&Request) -> Option<Response> + Send + Sync + 'static) -> String {
    listening("http", move |stream| serve(stream, &answer))
}

/// Serves each connection until the test ends. Says at which address.
pub(crate) fn listening(scheme: &str, serve: impl Fn(&TcpStream) -> Option<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("{scheme}://{}", listener.local_addr().unwrap());
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            // A client that goes away in the middle is its own business.
            thread::spawn(move || serve(&stream));
        }
    });
    url
}

/// Answers the requests of a connection; `None` where it was hung up on in the middle.
pub(crate) fn serve(stream: impl Read + Write, answer: &dyn Fn(&Request) -> Option<Response>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        // One that refuses a certificate is at its end, too.
        if reader.read_line(&mut first).is_ok_and(|read| read > 0).not() {
            return Some(());
        }
        let mut headers = BTreeMap::new();
        for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ")?;
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let (method, path) = first.split_once(' ')?;
        let path = path.split(' ').next()?;
        let body = String::from_utf8(body).unwrap();
        let request = Request { method: method.to_owned(), path: path.to_owned(), headers, body };
        let Response { status, headers, body } = answer(&request)?;
        let mut head = format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            head.extend([name, ": ", &value, "\r\n"]);
        }
        reader.get_mut().write_all(format!("{head}\r\n{body}").as_bytes()).ok()?;
        reader.get_mut().flush().ok()?;
    }
}
