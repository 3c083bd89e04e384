//! The servers of this folder over HTTPS.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::http::{Request, Response, listening, serve};

/// How a server answers; `None` to hang up.
pub(crate) type Answer = Box<dyn Fn(&Request) -> Option<Response> + Send + Sync>;

/// Answers each request until the test ends. Says at which address.
pub(crate) fn listen(config: ServerConfig, answer: Answer) -> String {
    let config = Arc::new(config);
    listening("https", move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        serve(StreamOwned::new(connection, stream.try_clone().unwrap()), &answer)?;
        // Closed with something unread, the other side might not get to read why it is refused.
        stream.shutdown(Shutdown::Write).ok()?;
        io::copy(&mut &*stream, &mut io::sink()).ok().map(drop)
    })
}
