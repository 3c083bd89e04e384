//! The connectors against real servers on loopback: what vendors answer, and all that can go wrong on the way.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, unreachable_pub, missing_docs)]

mod checks;
mod docspace;
mod documenso;
mod documented;
mod guided;
mod manners;
mod paging;
mod support;
mod tls;
mod transport;
mod way;
