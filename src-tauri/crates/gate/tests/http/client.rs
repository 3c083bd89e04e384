//! A client that keeps its connection, and does nothing to what it sends.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

pub(crate) struct Client {
    stream: BufReader<Box<dyn Stream>>,
}

/// What one can speak over.
pub(crate) trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).unwrap())
    }

    pub(crate) fn over(stream: impl Stream + 'static) -> Self {
        Self { stream: BufReader::new(Box::new(stream)) }
    }

    /// Asks on the connection that is open.
    pub(crate) fn get(&mut self, target: &str, headers: &[(&str, &str)]) -> Response {
        self.ask("GET", target, headers)
    }

    pub(crate) fn ask(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: app.example\r\n");
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        self.stream.get_mut().write_all(format!("{head}\r\n").as_bytes()).unwrap();
        self.response()
    }

    fn response(&mut self) -> Response {
        let mut first = String::new();
        self.stream.read_line(&mut first).unwrap();
        let status = first.split(' ').nth(1).unwrap_or_else(|| panic!("hung up: {first:?}")).parse().unwrap();
        let mut headers = BTreeMap::new();
        for line in self.stream.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').unwrap();
            let before = headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            assert_eq!(before, None, "{name} is there twice");
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        Response { status, headers, body: String::from_utf8(body).unwrap() }
    }

    /// Whether the other end hung up.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.stream.read(&mut [0]).is_ok_and(|read| read == 0)
    }
}

/// Asks on a connection of its own.
pub(crate) fn get(address: SocketAddr, target: &str, headers: &[(&str, &str)]) -> Response {
    Client::new(address).get(target, headers)
}

impl Response {
    /// Status and reason.
    pub(crate) fn said(&self) -> (u16, &str) {
        (self.status, self.header("x-latchkey-reason"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}
