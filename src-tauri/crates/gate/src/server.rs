use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};

use crate::admin;
use crate::answer::{Served, answer};
use crate::config::{Config, GateError};
use crate::journal::Journal;
use crate::shared::Shared;
use crate::watch::Watch;

/// How many connections of proxies there are at once. The next ones wait.
const CONNECTIONS: usize = 8_192;
/// How long a connection may say nothing. Longer than nginx keeps idle ones (60 s), so that it is not this end that hangs
/// up while a request is on its way.
const SILENCE: Duration = Duration::from_secs(90);
/// The most bytes of a request's head. A foreign key may have 4096.
const HEAD: usize = 64 * 1024;
/// How long requests that are under way may take after a signal to end.
const LAST: Duration = Duration::from_secs(10);

/// A gate that listens.
#[derive(Debug)]
pub struct Gate {
    runtime: Runtime,
    listener: StdListener,
    admin: Option<StdListener>,
    watch: Watch,
    shared: Arc<Shared>,
    writer: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Ends a gate, from any thread.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Requests that are under way are answered, others are not taken any more.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Gate {
    /// Opens the bundle and listens; requests wait until [`Gate::run`]. `clock` says the seconds since 1970, `log` writes
    /// a line.
    pub fn open(
        config: Config,
        clock: impl Fn() -> u64 + Send + Sync + 'static,
        log: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, GateError> {
        if config.proxy.is_none() && !config.requirements.is_empty() {
            return Err(GateError::NoProxy);
        }
        let listener = listen(config.listen)?;
        let admin = config.admin.map(listen).transpose()?;
        let (watch, verifier) = Watch::open(&config)?;
        let (journal, writer) = Journal::new(log).map_err(GateError::Start)?;
        let rules = (config.proxy, config.requirements, config.header);
        let shared = Arc::new(Shared::new(verifier, rules, Box::new(clock), journal));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_io().enable_time().build();
        let (stop, _) = watch::channel(false);
        Ok(Self { runtime: runtime.map_err(GateError::Start)?, listener, admin, watch, shared, writer, stop })
    }

    /// Where it listens: the port that the system chose, where 0 was asked for.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where health and metrics are.
    pub fn admin_address(&self) -> io::Result<Option<SocketAddr>> {
        self.admin.as_ref().map(StdListener::local_addr).transpose()
    }

    /// The sequence of the bundle in use.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.shared.verifier.bundle().header().sequence
    }

    /// The identifier of the tenant.
    #[must_use]
    pub fn tenant(&self) -> String {
        self.shared.verifier.bundle().header().tenant.to_string()
    }

    /// What ends it.
    #[must_use]
    pub fn stop(&self) -> Stop {
        Stop(self.stop.clone())
    }

    /// Answers until it is stopped.
    pub fn run(self) -> Result<(), GateError> {
        let Self { runtime, listener, admin, watch, shared, writer, stop } = self;
        let (end_watch, watched) = channel();
        let looking = {
            let shared = Arc::clone(&shared);
            let thread = thread::Builder::new().name("bundle".to_owned());
            thread.spawn(move || watch.run(&shared, &watched)).map_err(GateError::Start)?
        };
        let served = runtime.block_on(async {
            let requests = serve(listener, stop.subscribe(), service(&shared, answer));
            let pages = admin.map(|admin| serve(admin, stop.subscribe(), service(&shared, admin::answer)));
            let pages = pages.map(|pages| runtime.spawn(pages));
            let served = requests.await;
            // Both end by the same signal; a page is no reason to wait.
            pages.inspect(tokio::task::JoinHandle::abort);
            served
        });
        drop(end_watch);
        // A thread that died has nothing more to do.
        let _ = looking.join();
        runtime.shutdown_background();
        shared.journal.end();
        let _ = writer.join();
        served.map_err(GateError::Start)
    }
}

fn listen(address: SocketAddr) -> Result<StdListener, GateError> {
    let failed = |cause| GateError::Listen { address, cause };
    let listener = StdListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

/// What answers a request: `respond`, whatever it is.
fn service<F>(shared: &Arc<Shared>, respond: F) -> impl Fn(Request) -> Pinned + Clone + Send + 'static
where
    F: Fn(&Shared, &hyper::http::request::Parts) -> crate::answer::Answer + Copy + Send + 'static,
{
    let shared = Arc::clone(shared);
    move |request: Request| {
        // Proxies send no body; one that comes is not read.
        let (head, _body) = request.into_parts();
        std::future::ready(Ok(respond(&shared, &head)))
    }
}

type Request = hyper::Request<hyper::body::Incoming>;
type Pinned = std::future::Ready<Served>;

/// Takes connections until the signal comes, then answers what is under way.
async fn serve<F>(listener: StdListener, mut stop: watch::Receiver<bool>, respond: F) -> io::Result<()>
where
    F: Fn(Request) -> Pinned + Clone + Send + 'static,
{
    let listener = TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(SILENCE).max_buf_size(HEAD);
    loop {
        let place_and_stream = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            next = place_and_stream => next,
        };
        let Ok((stream, _)) = accepted else {
            // Out of files, most likely: they come back when others hang up.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        // Small answers, at once.
        let _ = stream.set_nodelay(true);
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service_fn(respond.clone())));
        tokio::spawn(async move {
            // Who hangs up in the middle wants no answer.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST, open.shutdown()).await;
    Ok(())
}
