//! A code as a picture file.

use super::Drawing;
use qrcode::render::svg::Color;
use std::io;

/// In a picture of ours, so that it is known again.
const SVG_MARK: &str = "<!-- b2auth: QR sign-in -->";
/// Where a picture of ours says which program made it.
const PNG_MARK: (&str, &str) = ("Software", "b2auth");

/// The pixels of a module's side: enough for a screen's scaling, and few bytes all the same.
const SCALE: usize = 8;

/// The code as a PNG, grey with one bit a pixel.
pub(crate) fn png(drawing: &Drawing) -> io::Result<Vec<u8>> {
    let side = drawing.side() * SCALE;
    let row = |y: usize| {
        let mut bytes = vec![0_u8; side.div_ceil(8)];
        for x in (0..side).filter(|x| !drawing.is_dark(x / SCALE, y / SCALE)) {
            bytes[x / 8] |= 0x80 >> (x % 8);
        }
        bytes
    };
    let pixels: Vec<u8> = (0..side).flat_map(row).collect();
    let mut file = Vec::new();
    let pixels_a_side = u32::try_from(side).map_err(io::Error::other)?;
    let mut encoder = png::Encoder::new(&mut file, pixels_a_side, pixels_a_side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let (keyword, text) = PNG_MARK;
    encoder.add_text_chunk(keyword.to_owned(), text.to_owned()).map_err(io::Error::other)?;
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&pixels)?;
        writer.finish()
    });
    written.map_err(io::Error::other)?;
    Ok(file)
}

/// The code as an SVG.
pub(crate) fn svg(drawing: &Drawing) -> Vec<u8> {
    let scale = u32::try_from(SCALE).unwrap_or(1);
    let mut renderer = drawing.code().render::<Color<'_>>();
    let picture =
        renderer.module_dimensions(scale, scale).dark_color(Color("#000")).light_color(Color("#fff"));
    let picture = picture.build();
    match picture.split_once("?>") {
        Some((head, rest)) => format!("{head}?>{SVG_MARK}{rest}").into_bytes(),
        None => format!("{SVG_MARK}{picture}").into_bytes(),
    }
}

/// True for the first bytes of an SVG of ours.
pub(crate) fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let body = match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, body)) => body,
        None => &text,
    };
    body.starts_with(SVG_MARK)
}

/// True for the first bytes of a PNG of ours.
pub(crate) fn is_png(head: &[u8]) -> bool {
    let (keyword, text) = PNG_MARK;
    let mark = format!("tEXt{keyword}\0{text}");
    head.starts_with(b"\x89PNG\r\n\x1a\n") && head.windows(mark.len()).any(|part| part == mark.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::{Picture, scan};
    use super::*;

    #[test]
    fn a_png_is_read_back() {
        for text in ["7", r#"{"id":"0a4682f9-7e6c-49a7-b946-db58f28d8171","host":"https://broker.example"}"#]
        {
            let file = png(&Drawing::of(text).unwrap()).unwrap();
            assert!(is_png(&file[..file.len().min(256)]) && !is_png(b"\x89PNG\r\n\x1a\n") && !is_svg(&file));
            let scanned = scan(&Picture::read(&file).unwrap()).unwrap();
            assert_eq!(&*scanned, text.as_bytes());
        }
    }

    #[test]
    fn an_svg_has_a_light_ground_and_the_whole_size() {
        let drawing = Drawing::of("7").unwrap();
        let text = String::from_utf8(svg(&drawing)).unwrap();
        assert!(is_svg(&text.as_bytes()[..256]) && !is_svg(b"<?xml version=\"1.0\"?><svg/>"));
        let side = drawing.side() * SCALE;
        assert!(text.contains(&format!(r#"width="{side}" height="{side}""#)), "{text}");
        assert!(text.contains("#fff") && text.contains("#000"), "{text}");
    }
}
