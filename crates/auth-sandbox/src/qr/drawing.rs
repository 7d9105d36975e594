//! QR codes as pictures: for a terminal, and for the sign-in page.

use qrcode::render::svg::Color;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Draws `text` as a QR code out of half blocks, to be printed in a terminal: an otpauth URL for an authenticator app.
///
/// The light parts are drawn, so the code is readable on a dark terminal. A text too long for any QR code comes back
/// as it is.
pub fn terminal_qr(text: &str) -> String {
    match QrCode::with_error_correction_level(text.as_bytes(), EcLevel::L) {
        Ok(code) => code
            .render::<Dense1x2>()
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .quiet_zone(true)
            .build(),
        Err(_) => text.to_owned(),
    }
}

/// What the code on the sign-in page says: the channel and the host that it belongs to.
pub(crate) fn page_payload(id: &str, host: &str) -> String {
    serde_json::json!({ "id": id, "host": host }).to_string()
}

/// Draws `text` as an SVG picture, dark on white with its quiet zone whatever surrounds it. `None` for a text too long.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let drawing = code
        .render::<Color<'_>>()
        .module_dimensions(8, 8)
        .dark_color(Color("#000"))
        .light_color(Color("#fff"))
        .quiet_zone(true)
        .build();
    Some(drawing)
}

#[cfg(test)]
mod tests {
    use super::{svg, terminal_qr};

    #[test]
    fn a_picture_is_dark_on_white() {
        let drawn = svg("{}").unwrap();
        assert!(drawn.contains("#000") && drawn.contains("#fff") && !drawn.contains("style"), "{drawn}");
        assert!(svg(&"x".repeat(5000)).is_none());
    }

    #[test]
    fn a_short_text_becomes_half_blocks() {
        let drawn = terminal_qr("otpauth://totp/x?secret=AAAA");
        assert!(drawn.lines().count() > 10);
        assert!(drawn.lines().next().unwrap().chars().all(|c| c == '█'), "the light margin is drawn");
        assert!(drawn.chars().all(|c| " █▀▄\n".contains(c)), "{drawn}");
    }

    #[test]
    fn a_text_too_long_is_returned_unchanged() {
        let text = "x".repeat(5000);
        assert_eq!(terminal_qr(&text), text);
    }
}
