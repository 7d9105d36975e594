//! The QR code of the sign-in page as a picture.

use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

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
    use super::svg;

    #[test]
    fn a_picture_is_dark_on_white() {
        let drawn = svg("{}").unwrap();
        assert!(drawn.contains("#000") && drawn.contains("#fff") && !drawn.contains("style"), "{drawn}");
        assert!(svg(&"x".repeat(5000)).is_none());
    }
}
