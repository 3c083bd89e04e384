//! The program that runs: started, told of signals, waited for.

use std::process::{Child, ChildStderr, ChildStdout, Command, ExitCode, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};

use latchkey_app::error::Result;

use super::failed;
use crate::signals::{Caught, Signal};

/// A program that runs, and is told of the signals that this one gets.
pub(super) struct Running {
    child: Child,
    target: Arc<Mutex<Target>>,
    _caught: Caught,
}

/// Where signals go. The number of a program that is over may be another one's already.
#[derive(Default)]
struct Target {
    pid: Option<u32>,
    /// What came before the program was there.
    waiting: Vec<Signal>,
}

impl Running {
    pub(super) fn start(mut command: Command, name: &str) -> Result<Self> {
        let target = Arc::new(Mutex::new(Target::default()));
        let told = Arc::clone(&target);
        // Before the program is there, so that no signal ends this process and leaves the program alone.
        let caught = Caught::each(move |signal| {
            let mut target = told.lock().unwrap_or_else(PoisonError::into_inner);
            match target.pid {
                Some(pid) => forward(pid, signal),
                None => target.waiting.push(signal),
            }
        })
        .map_err(|cause| failed(format!("Could not watch for interrupts: {cause}.")))?;
        let child = command.spawn().map_err(|cause| {
            failed(format!("Could not run {name}: {cause}."))
                .hint("Check the name of the program and whether it may be run.")
        })?;
        let mut running = target.lock().unwrap_or_else(PoisonError::into_inner);
        running.pid = Some(child.id());
        for signal in std::mem::take(&mut running.waiting) {
            forward(child.id(), signal);
        }
        drop(running);
        Ok(Self { child, target, _caught: caught })
    }

    pub(super) fn output(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    /// Waits for the end, and answers with the status that a shell would report.
    pub(super) fn wait(&mut self) -> Result<ExitCode> {
        wait_until_over(self.child.id());
        self.target.lock().unwrap_or_else(PoisonError::into_inner).pid = None;
        let status = self.child.wait().map_err(|cause| failed(format!("Lost the program: {cause}.")))?;
        Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or_else(|| by_signal(status))))
    }
}

/// Passes a signal on. What is typed at a terminal (Ctrl+C, Ctrl+\) reaches the program by itself: twice would be once
/// too often.
#[cfg(unix)]
fn forward(pid: u32, signal: Signal) {
    use std::io::IsTerminal as _;

    use rustix::process::{Pid, Signal as Named, kill_process};

    let at_terminal = std::io::stdin().is_terminal() || std::io::stderr().is_terminal();
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let signal = Named::from_named_raw(signal);
    if let (Some(pid), Some(signal)) = (pid, signal)
        && !(at_terminal && matches!(signal, Named::INT | Named::QUIT))
    {
        // A program that has just ended needs no signal.
        let _ = kill_process(pid, signal);
    }
}

#[cfg(not(unix))]
fn forward(_pid: u32, _signal: Signal) {}

/// Returns when the program is over, and leaves its number taken until it is waited for.
#[cfg(unix)]
fn wait_until_over(pid: u32) {
    use rustix::io::Errno;
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return };
    // Any failure but an interruption is the business of the wait that follows.
    while matches!(waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT), Err(Errno::INTR)) {}
}

#[cfg(not(unix))]
fn wait_until_over(_pid: u32) {}

/// As a shell reports a program that a signal ended: 128 and the signal's number.
#[cfg(unix)]
fn by_signal(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;

    status.signal().and_then(|number| u8::try_from(number).ok()).map_or(1, |number| number.saturating_add(128))
}

#[cfg(not(unix))]
fn by_signal(_status: ExitStatus) -> u8 {
    1
}
