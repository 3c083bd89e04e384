//! The cases. Valid files come from the crate's own writer; malicious ones are put together byte by byte in `raw.rs` and
//! signed, so that what is tested is behind the signature.

mod contents;
mod policy;
mod raw;
pub(crate) mod set;
mod signatures;
mod valid;

/// All of them, in the order of the file.
pub(crate) fn all() -> set::Set {
    let mut set = set::Set::new();
    valid::add(&mut set);
    signatures::add(&mut set);
    contents::add(&mut set);
    policy::add(&mut set);
    set
}
