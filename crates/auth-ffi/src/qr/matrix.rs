//! The modules of a QR code.

use qrcode::{Color, EcLevel, QrCode};

/// The light margin that scanners need, in modules.
const MARGIN: usize = 4;

/// The smallest code of this text, with as much error correction as fits into it and with its margin, row by row; `None` if the
/// text is too long for any.
pub(super) fn of(text: &str) -> Option<Vec<u8>> {
    let smallest = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let version = smallest.version();
    let stronger = [EcLevel::H, EcLevel::Q, EcLevel::M];
    let code = stronger.into_iter().find_map(|level| QrCode::with_version(text, version, level).ok());
    let code = code.unwrap_or(smallest);
    let width = code.width();
    let side = width + 2 * MARGIN;
    let mut modules = vec![0; side * side];
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    for (at, _) in dark {
        let (x, y) = (at % width, at / width);
        if let Some(module) = modules.get_mut((y + MARGIN) * side + x + MARGIN) {
            *module = 1;
        }
    }
    Some(modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_reads_what_was_drawn() {
        let text = r#"{"id":"0a4682f9-7e6c-49a7-b946-db58f28d8171","host":"https://broker.example"}"#;
        let modules = of(text).expect("it fits");
        let side = modules.len().isqrt();
        assert_eq!(side * side, modules.len());
        // As pixels of a picture, since a scanner needs more than one for a module.
        let scale = 4;
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, |x, y| {
            if modules[y / scale * side + x / scale] == 1 { 0 } else { 255 }
        });
        let grids = picture.detect_grids();
        let (_, content) = grids[0].decode().expect("a code");
        assert_eq!(content, text);
        for at in 0..side {
            assert!(
                (0..MARGIN)
                    .all(|margin| modules[margin * side + at] == 0 && modules[at * side + margin] == 0)
            );
        }
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        assert_eq!(of(&"a".repeat(3000)), None);
    }
}
