//! The newest columns that a store knows.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use super::Columns;
use crate::fault::Result;
use crate::table::key_change;

/// Shared by all readers of a store. A reader takes from it only what is the state of its own transaction, whoever
/// changed the file: the number of the last change is part of the file.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    newest: Mutex<Option<Arc<Columns>>>,
    /// Held while newer columns are made, so that they are made once.
    making: Mutex<()>,
}

impl Cache {
    /// The columns of a transaction's state; `None` while nobody needed any, or when others are ahead of it.
    pub(crate) fn ready(&self, connection: &Connection) -> Result<Option<Arc<Columns>>> {
        let version = key_change::newest(connection)?;
        match self.newest() {
            Some(newest) if newest.version <= version => self.get(connection).map(Some),
            _ => Ok(None),
        }
    }

    /// The columns of a transaction's state, read if need be.
    pub(crate) fn get(&self, connection: &Connection) -> Result<Arc<Columns>> {
        let version = key_change::newest(connection)?;
        if let Some(newest) = self.newest().filter(|newest| newest.version == version) {
            return Ok(newest);
        }
        let _turn = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let advanced = match self.newest() {
            Some(newest) if newest.version == version => return Ok(newest),
            Some(newest) if newest.version < version => newest.advance(connection)?,
            _ => None,
        };
        let columns = match advanced {
            Some(advanced) => advanced,
            None => Columns::read(connection)?,
        };
        let columns = Arc::new(columns);
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.as_ref().is_none_or(|newest| newest.version < version) {
            *newest = Some(Arc::clone(&columns));
        }
        Ok(columns)
    }

    fn newest(&self) -> Option<Arc<Columns>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
