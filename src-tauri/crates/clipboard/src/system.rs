//! The operating system's clipboard, by way of arboard.

use arboard::Error;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// What the worker needs of a clipboard; its tests bring their own.
pub(crate) trait Board {
    /// Puts text there, marked so that histories skip it.
    fn write(&mut self, text: &str) -> Result<(), Error>;

    /// The text that is there, whoever put it there; `None` where there is none.
    fn read(&mut self) -> Result<Option<String>, Error>;

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

    fn read(&mut self) -> Result<Option<String>, Error> {
        match self.get_text() {
            Ok(there) => Ok(Some(there)),
            // Empty, or something that is no text.
            Err(Error::ContentNotAvailable | Error::ConversionFailure) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn holds(&mut self, text: &str) -> Result<bool, Error> {
        let there = self.read()?.map(Zeroizing::new);
        Ok(there.is_some_and(|there| there.as_bytes().ct_eq(text.as_bytes()).into()))
    }

    fn empty(&mut self) -> Result<(), Error> {
        self.clear()
    }
}
