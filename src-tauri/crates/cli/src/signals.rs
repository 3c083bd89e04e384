//! Signals that would end this program before its work is done.

/// Catches signals for as long as it lives.
pub(crate) use imp::Caught;

/// Ends this program by a signal that it has caught, as if it had not.
pub(crate) use imp::end_by;

/// What is told of a signal: its number.
pub(crate) type Signal = i32;

#[cfg(unix)]
mod imp {
    use std::io;
    use std::thread;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::{Handle, Signals};

    use super::Signal;

    pub(crate) struct Caught {
        handle: Handle,
        thread: Option<thread::JoinHandle<()>>,
    }

    impl Caught {
        /// Calls `then` for every interrupt, quit, hang-up and request to end, instead of ending.
        pub(crate) fn each(mut then: impl FnMut(Signal) + Send + 'static) -> io::Result<Self> {
            let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
            let handle = signals.handle();
            let thread = thread::Builder::new().name("signals".to_owned()).spawn(move || {
                signals.forever().for_each(&mut then);
            })?;
            Ok(Self { handle, thread: Some(thread) })
        }
    }

    pub(crate) fn end_by(signal: Signal) {
        // All that are caught end a program: there is nobody to tell of a failure.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }

    impl Drop for Caught {
        fn drop(&mut self) {
            self.handle.close();
            if let Some(thread) = self.thread.take() {
                // A thread that died catches nothing any more.
                let _ = thread.join();
            }
        }
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;

    use super::Signal;

    /// Elsewhere the system ends all programs of a console together.
    pub(crate) struct Caught;

    impl Caught {
        #[allow(clippy::unnecessary_wraps)] // As where it can fail.
        pub(crate) fn each(_then: impl FnMut(Signal) + Send + 'static) -> io::Result<Self> {
            Ok(Self)
        }
    }

    pub(crate) fn end_by(_signal: Signal) {}
}
