#[cfg(feature = "fault-points")]
use chrono::TimeDelta;
use chrono::{DateTime, Utc};
use latchkey_app::error::Result;
use latchkey_app::ports::Clock;

/// The computer's clock.
#[cfg(not(feature = "fault-points"))]
pub(crate) struct SystemClock;

/// The computer's clock, as far ahead as a test wants it.
#[cfg(feature = "fault-points")]
pub(crate) struct SystemClock {
    ahead: TimeDelta,
    /// A file with more seconds to add, read each time: so the clock of a program that runs can be moved.
    file: Option<std::path::PathBuf>,
}

#[cfg(not(feature = "fault-points"))]
impl SystemClock {
    #[allow(clippy::unnecessary_wraps)] // The test build's clock can be set wrongly.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self)
    }
}

#[cfg(feature = "fault-points")]
impl SystemClock {
    /// A test build's clock runs `LATCHKEY_CLOCK_AHEAD` seconds ahead, and those in the file `LATCHKEY_CLOCK_FILE`.
    pub(crate) fn new() -> Result<Self> {
        use latchkey_app::error::Error;
        use latchkey_app::wire::ErrorCode;

        let seconds = match std::env::var("LATCHKEY_CLOCK_AHEAD") {
            Ok(text) => text
                .parse()
                .map_err(|_| Error::new(ErrorCode::Failed, "LATCHKEY_CLOCK_AHEAD is not a number of seconds."))?,
            Err(_) => 0,
        };
        let file = std::env::var_os("LATCHKEY_CLOCK_FILE").map(std::path::PathBuf::from);
        Ok(Self { ahead: TimeDelta::seconds(seconds), file })
    }
}

impl Clock for SystemClock {
    #[cfg(not(feature = "fault-points"))]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    #[cfg(feature = "fault-points")]
    fn now(&self) -> DateTime<Utc> {
        let text = self.file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        let more = text.and_then(|text| text.trim().parse().ok()).map_or(TimeDelta::zero(), TimeDelta::seconds);
        Utc::now() + self.ahead + more
    }
}
