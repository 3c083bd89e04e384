//! Which line of a file something lies on, for the sentences that name it.

/// Counts the lines of a table while its records are read, each byte once.
pub(crate) struct Lines<'t> {
    text: &'t str,
    /// Up to here `breaks` were counted.
    counted: usize,
    breaks: u32,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, counted: 0, breaks: 0 }
    }

    /// The line that a record begins on, which must not come before the record that was asked for last. The reader's own
    /// count is one behind where lines end as on Windows.
    pub(crate) fn record(&mut self, position: Option<&csv::Position>) -> u32 {
        let bytes = self.text.as_bytes();
        let begins = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let blank = bytes.iter().skip(begins).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let at = begins.saturating_add(blank).min(bytes.len());
        let since = bytes.get(self.counted..at).unwrap_or_default();
        self.breaks = self.breaks.saturating_add(count(since));
        self.counted = self.counted.max(at);
        self.breaks.saturating_add(1)
    }
}

/// The line of the byte at `at`.
pub(crate) fn line_at(bytes: &[u8], at: usize) -> u32 {
    count(bytes.get(..at).unwrap_or(bytes)).saturating_add(1)
}

fn count(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.split(|&byte| byte == b'\n').count() - 1).unwrap_or(u32::MAX)
}
