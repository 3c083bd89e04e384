use std::fmt::Write as _;

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode, Version};

use crate::Error;

/// The light border that scanners want, in modules.
const QUIET: usize = 4;
/// How many characters the largest code holds that can stand some dirt: capitals, digits and a few signs.
const MOST_PRINTED: usize = 3_391;

/// A QR code: squares, dark or light, with their quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    size: usize,
    dark: Vec<bool>,
}

impl Code {
    /// For a screen, which is clean: the smallest one, for a camera reads large squares sooner.
    pub fn shown(text: &str) -> Result<Self, Error> {
        Self::drawn(text, EcLevel::L)
    }

    /// For paper, which gets folded.
    pub fn printed(text: &str) -> Result<Self, Error> {
        Self::drawn(text, EcLevel::M)
    }

    pub(crate) fn holds(characters: usize) -> bool {
        characters <= MOST_PRINTED
    }

    fn drawn(text: &str, level: EcLevel) -> Result<Self, Error> {
        let code = QrCode::with_error_correction_level(text, level).map_err(|_| Error::TooLarge)?;
        let Version::Normal(_) = code.version() else { return Err(Error::TooLarge) };
        let width = code.width();
        let size = width + 2 * QUIET;
        let mut dark = vec![false; size * size];
        for (at, color) in code.to_colors().into_iter().enumerate() {
            dark[(at / width + QUIET) * size + at % width + QUIET] = color == Color::Dark;
        }
        Ok(Self { size, dark })
    }

    /// How many squares a side has, the quiet zone included.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether a square is dark; what is beside the code is not.
    #[must_use]
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.size && self.dark.get(row * self.size + column).copied().unwrap_or_default()
    }

    /// The dark squares as the path of an SVG whose unit is a square: each run of a row one rectangle.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for row in 0..self.size {
            let mut column = 0;
            while column < self.size {
                let run = (column..self.size).take_while(|at| self.is_dark(*at, row)).count();
                if run > 0 {
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{column} {row}h{run}v1h-{run}z");
                }
                column += run.max(1);
            }
        }
        path
    }

    /// As text for a terminal, two rows a line. `light` says that the terminal writes dark on light.
    #[must_use]
    pub fn text(&self, light: bool) -> String {
        let mut lines = Vec::with_capacity(self.size.div_ceil(2));
        for row in (0..self.size).step_by(2) {
            let square = |column: usize| {
                // What is beside the code belongs to the quiet zone.
                let inked = |row: usize| self.is_dark(column, row) == light;
                match (inked(row), inked(row + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                }
            };
            lines.push((0..self.size).map(square).collect::<String>());
        }
        lines.join("\n")
    }
}
