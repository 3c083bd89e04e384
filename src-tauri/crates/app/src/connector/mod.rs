//! Connectors: which there are, and trying one against its server before it is used.

mod add;
mod list;
mod open_page;
mod remove;
mod try_out;
mod try_signed_in;

pub use add::{add, read};
pub use list::{list, show};
pub use open_page::open_page;
pub use remove::remove;
pub(crate) use try_out::options;
pub use try_out::{KEY, try_out};
