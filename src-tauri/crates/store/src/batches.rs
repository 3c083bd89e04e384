//! Batches, as the ports see them.

use latchkey_app::error::Result;
use latchkey_app::ports::{Batch, BatchRow, DrawnKey, NewEvent, ReadBatches, WriteBatches};
use latchkey_domain::id::BatchId;
use latchkey_domain::key::Key;

use crate::handle::{Handle, told};
use crate::table::{batch, event, key};

impl ReadBatches for Handle<'_> {
    fn batches(&self) -> Result<Vec<Batch>> {
        told(batch::all(self.connection))
    }

    fn batch(&self, id: BatchId) -> Result<Option<Batch>> {
        told(batch::get(self.connection, id))
    }

    fn batch_rows(&self, id: BatchId, from: u32, limit: u32) -> Result<Vec<BatchRow>> {
        told(batch::rows(self.connection, id, from, limit))
    }

    fn drawn_keys(&self, id: BatchId, from: u32, limit: u32) -> Result<Vec<DrawnKey>> {
        told(batch::drawn(self.connection, id, from, limit))
    }

    fn handle_is_taken(&self, handle: &str) -> Result<bool> {
        told(batch::handle_is_taken(self.connection, handle))
    }
}

impl WriteBatches for Handle<'_> {
    fn put_batch(&mut self, entry: &Batch) -> Result<()> {
        told(batch::put(self.connection, entry))
    }

    fn add_batch_rows(&mut self, id: BatchId, from: u32, rows: &[BatchRow]) -> Result<()> {
        told(batch::add_rows(self.connection, id, from, rows))
    }

    fn add_drawn_keys(&mut self, id: BatchId, from: u32, keys: &[DrawnKey]) -> Result<()> {
        told(batch::add_drawn(self.connection, id, from, keys))
    }

    fn forget_drawn_keys(&mut self, id: BatchId) -> Result<()> {
        told(batch::forget_drawn(self.connection, id))
    }

    fn remove_batch(&mut self, id: BatchId) -> Result<()> {
        told(batch::remove(self.connection, id))
    }

    fn remove_batch_keys(&mut self, id: BatchId, limit: u32) -> Result<u32> {
        told(key::remove_of_batch(self.connection, id, limit))
    }

    fn add_keys(&mut self, batch: Option<BatchId>, keys: &[Key]) -> Result<()> {
        told(key::insert_all(self.connection, batch, keys))
    }

    fn add_batch_event(&mut self, id: BatchId, entry: &NewEvent) -> Result<()> {
        told(event::insert(self.connection, entry, Some(id)))
    }
}
