//! A proxy on loopback that leads every name to one server, and counts who asks for what.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// `CONNECT host:port`, and with what the proxy was signed in to.
type Asked = (String, Option<String>);

pub(crate) struct Proxy {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Proxy {
    /// To the server at this address; `wants` is what it has to be signed in to with, as the header has it.
    pub(crate) fn to(server: &str, wants: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { url: format!("http://{}", listener.local_addr().unwrap()), asked: Arc::default() };
        let (asked, server, wants) = (Arc::clone(&proxy.asked), server.to_owned(), wants.map(str::to_owned));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (asked, server, wants) = (Arc::clone(&asked), server.clone(), wants.clone());
                // A client that goes away in the middle is its own business.
                thread::spawn(move || lead(&client, &server, wants.as_deref(), &asked));
            }
        });
        proxy
    }

    /// Each way that was asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(line, _)| line.clone()).collect()
    }

    pub(crate) fn signed_in(&self) -> Vec<Option<String>> {
        self.asked.lock().unwrap().iter().map(|(_, with)| with.clone()).collect()
    }
}

fn lead(client: &TcpStream, server: &str, wants: Option<&str>, asked: &Mutex<Vec<Asked>>) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut with = None;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("proxy-authorization") => with = Some(value.to_owned()),
            Some(_) => {}
            None => break,
        }
    }
    let line = first.rsplit_once(' ').map_or("", |(line, _)| line).to_owned();
    asked.lock().unwrap().push((line, with.clone()));
    let mut writer = client;
    if wants.is_some() && with.as_deref() != wants {
        return writer.write_all(b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
    }
    let upstream = TcpStream::connect(server)?;
    writer.write_all(b"HTTP/1.1 200 Here\r\n\r\n")?;
    let (mut up, down) = (upstream.try_clone()?, client.try_clone()?);
    let answers = thread::spawn(move || {
        let copied = io::copy(&mut &upstream, &mut &down);
        // Which side ends does not matter: the other one ends, too.
        let _ = down.shutdown(Shutdown::Write);
        copied
    });
    io::copy(&mut reader, &mut up)?;
    let _ = up.shutdown(Shutdown::Write);
    let _ = answers.join();
    Ok(())
}
