use super::{Board, Request, Worker};
use crate::Holding;
use latchkey_app::error::Result;
use latchkey_app::wire::ErrorCode;
use latchkey_domain::secret::Secret;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

thread_local! {
    /// What lies on the clipboard of this test, which runs on one thread.
    static SCREEN: RefCell<Option<String>> = const { RefCell::new(None) };
}

struct Fake;

impl Board for Fake {
    fn write(&mut self, text: &str) -> Result<(), arboard::Error> {
        SCREEN.set(Some(text.to_owned()));
        Ok(())
    }

    fn read(&mut self) -> Result<Option<String>, arboard::Error> {
        Ok(SCREEN.with_borrow(Clone::clone))
    }

    fn holds(&mut self, text: &str) -> Result<bool, arboard::Error> {
        Ok(SCREEN.with_borrow(|there| there.as_deref() == Some(text)))
    }

    fn empty(&mut self) -> Result<(), arboard::Error> {
        SCREEN.set(None);
        Ok(())
    }
}

/// Runs a worker over these requests to its end; answers with how often it said that it had cleared.
fn run(connect: fn() -> Result<Fake, arboard::Error>, feed: impl FnOnce(&Sender<Request>)) -> usize {
    let (requests, received) = mpsc::channel();
    let (cleared, counted) = mpsc::channel();
    feed(&requests);
    // The sender goes with the first call, so that a time-out comes before the end.
    let keep = RefCell::new(Some(requests));
    let on_cleared = move || {
        keep.take();
        let _ = cleared.send(());
    };
    let holding = Arc::new(Holding::default());
    let worker = Worker {
        requests: received,
        holding: Arc::clone(&holding),
        on_cleared: Box::new(on_cleared),
        connect,
        board: None,
        copied: None,
    };
    worker.run();
    holding.wait_until_none();
    counted.try_iter().count()
}

fn copy(text: &str, millis: u64) -> (Request, mpsc::Receiver<Result<()>>) {
    let (done, finished) = mpsc::channel();
    (Request::Copy { secret: Secret::new(text.into()), clear_after: Duration::from_millis(millis), done }, finished)
}

#[test]
fn a_copy_is_cleared_when_its_time_is_over() {
    let (request, finished) = copy("secret", 5);
    let cleared = run(|| Ok(Fake), |requests| requests.send(request).unwrap());
    finished.recv().unwrap().unwrap();
    assert_eq!((cleared, SCREEN.take()), (1, None));
}

#[test]
fn a_second_copy_takes_the_place_of_the_first_and_of_its_time() {
    let (first, _first) = copy("first", 10_000_000);
    let (second, _second) = copy("second", 5);
    let cleared = run(
        || Ok(Fake),
        |requests| {
            requests.send(first).unwrap();
            requests.send(second).unwrap();
        },
    );
    assert_eq!((cleared, SCREEN.take()), (1, None));
}

#[test]
fn where_there_is_no_display_the_copy_fails_and_nothing_is_held() {
    let (request, finished) = copy("secret", 5);
    let (requests, received) = mpsc::channel();
    requests.send(request).unwrap();
    drop(requests);
    let worker = Worker::<Fake> {
        requests: received,
        holding: Arc::default(),
        on_cleared: Box::new(|| ()),
        connect: || Err(arboard::Error::ClipboardOccupied),
        board: None,
        copied: None,
    };
    worker.run();
    let error = finished.recv().unwrap().unwrap_err();
    assert_eq!(error.code(), ErrorCode::ClipboardUnreachable);
    assert!(error.body().hint.is_some());
}

#[test]
fn an_end_clears_at_once_and_calls_nobody() {
    let (request, _finished) = copy("secret", 10_000_000);
    let (requests, received) = mpsc::channel();
    requests.send(request).unwrap();
    drop(requests);
    let worker = Worker {
        requests: received,
        holding: Arc::default(),
        on_cleared: Box::new(|| panic!("nobody waits any more")),
        connect: || Ok(Fake),
        board: None,
        copied: None,
    };
    worker.run();
    assert_eq!(SCREEN.take(), None);
}

/// What a worker answers to whoever asks it to read, and nothing else.
fn read(connect: fn() -> Result<Fake, arboard::Error>) -> Result<Option<Secret>> {
    let (done, finished) = mpsc::channel();
    let (requests, received) = mpsc::channel();
    requests.send(Request::Read { done }).unwrap();
    drop(requests);
    let on_cleared = Box::new(|| panic!("it was not ours to clear"));
    Worker { requests: received, holding: Arc::default(), on_cleared, connect, board: None, copied: None }.run();
    finished.recv().unwrap()
}

#[test]
fn what_somebody_else_copied_is_read_and_stays() {
    for there in [Some("from a web page"), None] {
        SCREEN.set(there.map(str::to_owned));
        let found = read(|| Ok(Fake)).unwrap();
        assert_eq!(found.as_ref().map(Secret::expose), there);
        assert_eq!(SCREEN.take().as_deref(), there);
    }
}

#[test]
fn where_there_is_no_display_nothing_can_be_read() {
    let refused = read(|| Err(arboard::Error::ClipboardOccupied)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClipboardUnreachable);
}
