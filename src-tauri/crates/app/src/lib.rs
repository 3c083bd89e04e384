//! What Latchkey does: one use case a file, called alike by the window, the command line and the tests.

pub mod error;
pub mod ports;
pub mod wire;
