//! Grey values of a PNG or JPEG, which anybody can have made.

use std::io::Cursor;
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

/// The largest file that is read.
pub(crate) const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// The most pixels of a picture: more than the cameras of phones make.
const MAX_PIXELS: usize = 64_000_000;
const MAX_SIDE: usize = 16_384;
/// What the reader of PNG may take, beside the pixels: compressed texts and profiles can swell.
const MAX_PNG_BYTES: usize = 4 * MAX_PIXELS + 64 * 1024 * 1024;

/// A picture in grey: a byte a pixel, 0 is black.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

/// Why a file is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureError {
    /// Neither a PNG nor a JPEG.
    Unknown,
    /// It cannot be decoded.
    Damaged,
    /// It has more pixels than are read.
    TooLarge,
}

impl Picture {
    /// A picture of these grey values, row by row; `None` if there are not as many as it needs.
    pub(super) fn of_grey(width: usize, height: usize, grey: Vec<u8>) -> Option<Self> {
        let fits = width > 0 && width.checked_mul(height) == Some(grey.len()) && !grey.is_empty();
        fits.then_some(Self { width, height, grey })
    }

    /// Reads a PNG or JPEG, by its first bytes.
    ///
    /// # Errors
    /// It is another file, damaged, or too large.
    pub(crate) fn read(file: &[u8]) -> Result<Self, PictureError> {
        match file {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => from_png(file),
            [0xff, 0xd8, 0xff, ..] => from_jpeg(file),
            _ => Err(PictureError::Unknown),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    pub(super) fn grey(&self) -> &[u8] {
        &self.grey
    }
}

fn check_size(width: usize, height: usize) -> Result<(), PictureError> {
    let is_small = width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS;
    if is_small { Ok(()) } else { Err(PictureError::TooLarge) }
}

fn from_png(file: &[u8]) -> Result<Picture, PictureError> {
    let damaged = |_: png::DecodingError| PictureError::Damaged;
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), png::Limits { bytes: MAX_PNG_BYTES });
    // Palettes and few bits become bytes.
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width as usize, header.height as usize);
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(PictureError::TooLarge)?];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(frame.buffer_size());
    let grey = match frame.color_type {
        png::ColorType::Grayscale => pixels,
        png::ColorType::GrayscaleAlpha => pixels.chunks_exact(2).map(|p| over_white(p[0], p[1])).collect(),
        png::ColorType::Rgb => pixels.chunks_exact(3).map(|p| luma(p[0], p[1], p[2])).collect(),
        png::ColorType::Rgba => {
            pixels.chunks_exact(4).map(|p| over_white(luma(p[0], p[1], p[2]), p[3])).collect()
        }
        png::ColorType::Indexed => return Err(PictureError::Damaged),
    };
    Picture::of_grey(width, height, grey).ok_or(PictureError::Damaged)
}

fn from_jpeg(file: &[u8]) -> Result<Picture, PictureError> {
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|_| PictureError::Damaged)?;
    let info = decoder.info().ok_or(PictureError::Damaged)?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    check_size(width, height)?;
    let grey = decoder.decode().map_err(|_| PictureError::Damaged)?;
    Picture::of_grey(width, height, grey).ok_or(PictureError::Damaged)
}

/// How bright a colour is seen, after ITU-R BT.601.
fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

/// What is transparent lies on white paper.
fn over_white(grey: u8, alpha: u8) -> u8 {
    let (grey, alpha) = (u32::from(grey), u32::from(alpha));
    u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(width: u32, height: u32, color: png::ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        file
    }

    #[test]
    fn colours_become_grey_and_transparency_white() {
        let read = |color, pixels: &[u8]| Picture::read(&encoded(2, 1, color, pixels)).unwrap().grey;
        assert_eq!(read(png::ColorType::Grayscale, &[0, 200]), [0, 200]);
        assert_eq!(read(png::ColorType::Rgb, &[255, 255, 255, 255, 0, 0]), [255, 76]);
        assert_eq!(read(png::ColorType::Rgba, &[0, 0, 0, 0, 0, 0, 0, 255]), [255, 0]);
        assert_eq!(read(png::ColorType::GrayscaleAlpha, &[0, 0, 10, 255]), [255, 10]);
    }

    #[test]
    fn other_files_and_damaged_ones_are_told_apart() {
        let whole = encoded(2, 2, png::ColorType::Grayscale, &[0, 1, 2, 3]);
        assert_eq!(Picture::read(&whole[..40]).unwrap_err(), PictureError::Damaged);
        assert_eq!(Picture::read(b"\xff\xd8\xff\xe0 no more").unwrap_err(), PictureError::Damaged);
        for other in [&b""[..], b"GIF89a", b"%PDF-1.7", b"\x89PNG", b"hello"] {
            assert_eq!(Picture::read(other).unwrap_err(), PictureError::Unknown);
        }
    }

    #[test]
    fn a_header_that_claims_too_much_takes_no_memory() {
        let mut file = encoded(1, 1, png::ColorType::Grayscale, &[0]);
        // The width and the height of IHDR, and its checksum, which nobody has to believe.
        file[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        let crc = crc(&file[12..29]);
        file[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(Picture::read(&file).unwrap_err(), PictureError::TooLarge);
    }

    fn crc(bytes: &[u8]) -> u32 {
        let round = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| round(crc));
        !bytes.iter().fold(!0, byte)
    }
}
