//! Connectors: which there are, and trying one against its server before it is used.

mod add;
mod list;
mod remove;
mod try_out;

pub use add::{add, read};
pub use list::{list, show};
pub use remove::remove;
pub use try_out::{KEY, try_out};
