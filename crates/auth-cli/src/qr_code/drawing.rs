//! The modules of a code.

use qrcode::{Color, EcLevel, QrCode};

/// The light margin that scanners need, in modules.
const MARGIN: usize = 4;

/// A code with its light margin, as a square of dark and light modules.
pub(crate) struct Drawing {
    code: QrCode,
    colors: Vec<Color>,
}

impl Drawing {
    /// The code of a text; `None` if the text is too long for any.
    ///
    /// It is the smallest one, with as much error correction as fits into that size.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let smallest = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let version = smallest.version();
        let stronger = [EcLevel::H, EcLevel::Q, EcLevel::M];
        let code = stronger.into_iter().find_map(|level| QrCode::with_version(text, version, level).ok());
        let code = code.unwrap_or(smallest);
        Some(Self { colors: code.to_colors(), code })
    }

    /// The modules on each side, with the margin.
    pub(crate) fn side(&self) -> usize {
        self.code.width() + 2 * MARGIN
    }

    /// True for a dark module. Everything outside of the code is light.
    pub(crate) fn is_dark(&self, x: usize, y: usize) -> bool {
        let width = self.code.width();
        let inside = |at: usize| at.checked_sub(MARGIN).filter(|at| *at < width);
        let (Some(x), Some(y)) = (inside(x), inside(y)) else { return false };
        self.colors.get(y * width + x) == Some(&Color::Dark)
    }

    /// The code without its margin.
    pub(super) fn code(&self) -> &QrCode {
        &self.code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYLOAD: &str = r#"{"id":"0a4682f9-7e6c-49a7-b946-db58f28d8171","host":"https://broker.example"}"#;

    #[test]
    fn the_default_payload_fits_a_terminal_of_80_columns() {
        let drawing = Drawing::of(PAYLOAD).unwrap();
        assert!(drawing.side() <= 80, "{}", drawing.side());
        for at in 0..drawing.side() {
            for margin in [0, 3, drawing.side() - 4, drawing.side() - 1, drawing.side() + 9] {
                assert!(!drawing.is_dark(at, margin) && !drawing.is_dark(margin, at));
            }
        }
        assert!(drawing.is_dark(4, 4), "the corner of the finder pattern");
    }

    #[test]
    fn what_room_is_left_goes_to_error_correction() {
        let drawing = Drawing::of("7").unwrap();
        assert_eq!(drawing.code().error_correction_level(), EcLevel::H);
        assert!(Drawing::of(&"x".repeat(3000)).is_none());
    }
}
