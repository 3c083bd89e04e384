//! How WebKit runs the window's scripts.

/// Tells WebKit, in this process and in those that it starts, to interpret scripts and never to compile them. The
/// compilers need memory that is both writable and executable, a gigabyte of it in every process, this one with the
/// secrets included; without them there is none. They would not pay either: the window's scripts run for a few
/// milliseconds at a time, and it starts sooner and takes less memory without.
///
/// WebKit asks the environment for it and has no other switch; who sets `JSC_useJIT` in another way is left alone. What
/// the system starts for this program inherits it, and a browser on the same engine would interpret scripts, too. To be
/// called before there is another thread.
#[cfg(target_os = "linux")]
pub(crate) fn interpret() {
    if let Err(error) = glib::setenv("JSC_useJIT", "0", false) {
        tracing::warn!(%error, "the scripts of the window are compiled");
    }
}

/// Nothing: the systems of Windows and macOS bring a web view whose compilers are theirs to govern.
#[cfg(not(target_os = "linux"))]
pub(crate) fn interpret() {}
