//! Keys.

pub mod bulk;
mod delete;
pub(crate) mod draft;
mod edit;
mod export;
mod list;
mod new;
mod read_secret;
mod revoke;
mod selection;
mod show;
mod switch;

pub use delete::delete;
pub use edit::edit;
pub use export::export;
pub use list::{count, facets, list};
pub use new::{HandOver, Issued, new};
pub use read_secret::{Purpose, read_secret};
pub use revoke::revoke;
pub use show::{name_uses, show};
pub use switch::{disable, enable};

pub(crate) use new::{begin, free_handle, issue, label, not_kept_here};
pub(crate) use revoke::discard_soon;
