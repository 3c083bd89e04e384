//! A small HTTP/1.1 server on loopback that does what a test tells it, wrong things too, and remembers what it was sent.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value as Json;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// With what follows the question mark.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

type Writing = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

/// What is answered.
pub enum Reply {
    /// As HTTP should be.
    Whole { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// Whatever is written here; then the connection is closed.
    Raw(Writing),
    /// Nothing, until the client goes away.
    Silence,
}

impl Reply {
    pub fn json(status: u16, body: &Json) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub fn text(status: u16, kind: &str, body: &str) -> Self {
        let headers = vec![("Content-Type".to_owned(), kind.to_owned())];
        Self::Whole { status, headers, body: body.as_bytes().to_vec() }
    }

    pub fn empty(status: u16) -> Self {
        Self::Whole { status, headers: Vec::new(), body: Vec::new() }
    }

    pub fn redirect(status: u16, to: &str) -> Self {
        Self::empty(status).with("Location", to)
    }

    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::Raw(Box::new(move |to| to.write_all(&bytes)))
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

type Script = dyn Fn(&Seen) -> Reply + Send + Sync;

/// Listens until it is dropped.
pub struct Server {
    address: SocketAddr,
    is_tls: bool,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    closed: Arc<(Mutex<usize>, Condvar)>,
    ended: Arc<AtomicBool>,
}

impl Server {
    pub fn new(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::listening(None, Arc::new(script))
    }

    pub fn tls(config: ServerConfig, script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::listening(Some(Arc::new(config)), Arc::new(script))
    }

    fn listening(tls: Option<Arc<ServerConfig>>, script: Arc<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            is_tls: tls.is_some(),
            seen: Arc::default(),
            connections: Arc::default(),
            closed: Arc::default(),
            ended: Arc::default(),
        };
        let (seen, connections, ended) = (server.seen.clone(), server.connections.clone(), server.ended.clone());
        let closed = server.closed.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { return };
                connections.fetch_add(1, Ordering::SeqCst);
                let (tls, script, seen, closed) = (tls.clone(), script.clone(), seen.clone(), closed.clone());
                thread::spawn(move || {
                    let whole = stream.try_clone().unwrap();
                    // What goes wrong with a connection is seen by the client under test.
                    let _ = match tls {
                        None => serve(whole, &stream, &*script, &seen),
                        Some(config) => {
                            let connection = ServerConnection::new(config).unwrap();
                            serve(StreamOwned::new(connection, whole), &stream, &*script, &seen)
                        }
                    };
                    // Closed with something unread, the other side might not get to read why.
                    let _ = stream.shutdown(Shutdown::Write);
                    let _ = io::copy(&mut &stream, &mut io::sink());
                    *closed.0.lock().unwrap() += 1;
                    closed.1.notify_all();
                });
            }
        });
        server
    }

    /// Its address, by number.
    pub fn url(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Its address, by the name `localhost`: another server as far as credentials go.
    pub fn named_url(&self) -> String {
        self.url().replace("127.0.0.1", "localhost")
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The methods and paths of all requests, in order.
    pub fn asked(&self) -> Vec<String> {
        self.seen().iter().map(|seen| format!("{} {}", seen.method, seen.path)).collect()
    }

    /// How many connections are over.
    pub fn closed(&self) -> usize {
        *self.closed.0.lock().unwrap()
    }

    /// Waits until so many connections are over.
    pub fn wait_until_closed(&self, count: usize) {
        let closed = self.closed.0.lock().unwrap();
        let (_closed, late) =
            self.closed.1.wait_timeout_while(closed, Duration::from_secs(30), |closed| *closed < count).unwrap();
        assert!(!late.timed_out(), "a connection stays open");
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the one who listens.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: impl Read + Write, socket: &TcpStream, script: &Script, seen: &Mutex<Vec<Seen>>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = receive(&mut stream)? {
        seen.lock().unwrap().push(request.clone());
        match script(&request) {
            Reply::Whole { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.extend([name.as_str(), ": ", &value, "\r\n"]);
                }
                head.push_str("\r\n");
                stream.get_mut().write_all(head.as_bytes())?;
                stream.get_mut().write_all(&body)?;
                stream.get_mut().flush()?;
            }
            Reply::Raw(write) => {
                write(stream.get_mut())?;
                stream.get_mut().flush()?;
                socket.shutdown(Shutdown::Both)?;
                return Ok(());
            }
            Reply::Silence => {
                let _ = stream.read(&mut [0]);
                return Ok(());
            }
        }
    }
    Ok(())
}

fn receive(stream: &mut impl BufRead) -> io::Result<Option<Seen>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut seen = Seen { method, path, headers, body: String::new() };
    let length = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    seen.body = String::from_utf8(body).unwrap();
    Ok(Some(seen))
}
