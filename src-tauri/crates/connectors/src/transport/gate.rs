use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};

use super::{LOOK, Lost};

/// Lets so many requests to a server be under way at once; the others wait here.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    under_way: Mutex<HashMap<String, u32>>,
    left: Condvar,
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Entered<'g> {
    gate: &'g Gate,
    server: String,
}

impl Gate {
    /// Waits until fewer than `most` are under way, or until `check` fails, which is asked often.
    pub(crate) fn enter(
        &self,
        server: &str,
        most: u32,
        check: &dyn Fn() -> Result<(), Lost>,
    ) -> Result<Entered<'_>, Lost> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            check()?;
            let count = under_way.entry(server.to_owned()).or_default();
            if *count < most {
                *count += 1;
                return Ok(Entered { gate: self, server: server.to_owned() });
            }
            under_way = self.left.wait_timeout(under_way, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let mut under_way = self.gate.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.server) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.server);
            }
        }
        drop(under_way);
        self.gate.left.notify_all();
    }
}
