//! The operating system's clipboard, by way of arboard.

use arboard::Error;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// What the worker needs of a clipboard; its tests bring their own.
pub(crate) trait Board {
    /// Puts text there, marked so that histories skip it.
    fn write(&mut self, text: &str) -> Result<(), Error>;

    /// Whether exactly this text is there.
    fn holds(&mut self, text: &str) -> Result<bool, Error>;

    /// Takes away whatever is there.
    fn empty(&mut self) -> Result<(), Error>;
}

impl Board for arboard::Clipboard {
    fn write(&mut self, text: &str) -> Result<(), Error> {
        let set = self.set();
        #[cfg(target_os = "linux")]
        let set = arboard::SetExtLinux::exclude_from_history(set);
        #[cfg(target_os = "macos")]
        let set = arboard::SetExtApple::exclude_from_history(set);
        #[cfg(target_os = "windows")]
        let set = {
            use arboard::SetExtWindows as _;
            set.exclude_from_history().exclude_from_cloud().exclude_from_monitoring()
        };
        set.text(text)
    }

    fn holds(&mut self, text: &str) -> Result<bool, Error> {
        match self.get_text() {
            Ok(there) => Ok(Zeroizing::new(there).as_bytes().ct_eq(text.as_bytes()).into()),
            // Empty, or something that is no text: not ours in either case.
            Err(Error::ContentNotAvailable | Error::ConversionFailure) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn empty(&mut self) -> Result<(), Error> {
        self.clear()
    }
}
