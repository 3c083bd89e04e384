use chrono::{DateTime, TimeDelta, Utc};
use latchkey_app::error::Result;
use latchkey_app::ports::Clock;

/// The computer's clock.
pub(crate) struct SystemClock {
    ahead: TimeDelta,
}

impl SystemClock {
    #[cfg(not(feature = "fault-points"))]
    #[allow(clippy::unnecessary_wraps)] // The test build's clock can be set wrongly.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { ahead: TimeDelta::zero() })
    }

    /// A test build's clock runs `LATCHKEY_CLOCK_AHEAD` seconds ahead.
    #[cfg(feature = "fault-points")]
    pub(crate) fn new() -> Result<Self> {
        use latchkey_app::error::Error;
        use latchkey_app::wire::ErrorCode;

        let seconds = match std::env::var("LATCHKEY_CLOCK_AHEAD") {
            Ok(text) => text
                .parse()
                .map_err(|_| Error::new(ErrorCode::Failed, "LATCHKEY_CLOCK_AHEAD is not a number of seconds."))?,
            Err(_) => 0,
        };
        Ok(Self { ahead: TimeDelta::seconds(seconds) })
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.ahead
    }
}
