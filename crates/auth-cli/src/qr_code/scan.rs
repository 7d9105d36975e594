//! The text of the one code in a picture.

use super::Picture;
use rqrr::PreparedImage;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zeroize::Zeroizing;

/// Pictures are made smaller until their longer side is no longer than this: a code that fills a part of the picture is still
/// many pixels wide.
const LONGEST_SIDE: usize = 3000;
/// Small pictures are enlarged: the reader wants some pixels for a module.
const SHORTEST_SIDE: usize = 400;

/// Why no text was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanProblem {
    /// There is no code.
    None,
    /// There are several, and nobody knows which one is meant.
    Several,
    /// There is one that cannot be read.
    Unreadable,
}

/// The text of the code in a picture, in black on white or white on black.
///
/// # Errors
/// There is not exactly one code that can be read.
pub(crate) fn scan(picture: &Picture) -> Result<Zeroizing<Vec<u8>>, ScanProblem> {
    let mut found = Found::default();
    for size in sizes(picture) {
        for look in [Look::AsItIs, Look::BySurroundings, Look::Inverted] {
            if look == Look::AsItIs || found.texts.is_empty() {
                found.look_at(&size, look);
            }
        }
    }
    let Found { mut texts, unreadable } = found;
    match (texts.len(), unreadable) {
        (1, _) => Ok(texts.swap_remove(0)),
        (0, true) => Err(ScanProblem::Unreadable),
        (0, false) => Err(ScanProblem::None),
        _ => Err(ScanProblem::Several),
    }
}

/// Which parts count as dark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// As the reader does it.
    AsItIs,
    /// By the mean of what is around: the code's light parts may be darker than the rest of the picture.
    BySurroundings,
    /// As the reader does it, for a code in white on black.
    Inverted,
}

/// What all looks at a picture came to.
#[derive(Default)]
struct Found {
    texts: Vec<Zeroizing<Vec<u8>>>,
    unreadable: bool,
}

impl Found {
    fn look_at(&mut self, picture: &Picture, look: Look) {
        let (width, height, grey) = (picture.width(), picture.height(), picture.grey());
        // A picture that the reader trips over has no code that can be read.
        let looked = catch_unwind(AssertUnwindSafe(|| {
            let by_grey = |shade: fn(u8) -> u8| {
                PreparedImage::prepare_from_greyscale(width, height, |x, y| shade(grey[y * width + x]))
            };
            let mut prepared = match look {
                Look::AsItIs => by_grey(|value| value),
                Look::Inverted => by_grey(|value| 255 - value),
                Look::BySurroundings => {
                    let surroundings = Surroundings::of(picture);
                    PreparedImage::prepare_from_bitmap(width, height, |x, y| surroundings.is_darker(x, y))
                }
            };
            let grids = prepared.detect_grids();
            let read = grids.iter().map(|grid| {
                let mut text = Zeroizing::new(Vec::new());
                grid.decode_to(&mut *text).is_ok().then_some(text)
            });
            read.collect::<Vec<_>>()
        }));
        let Ok(read) = looked else {
            self.unreadable = true;
            return;
        };
        for text in read {
            match text {
                Some(text) if self.texts.contains(&text) => {}
                Some(text) => self.texts.push(text),
                None => self.unreadable = true,
            }
        }
    }
}

/// Means of squares, by the sum of everything above and to the left of each pixel.
struct Surroundings<'a> {
    picture: &'a Picture,
    sums: Vec<u64>,
    radius: usize,
}

impl<'a> Surroundings<'a> {
    fn of(picture: &'a Picture) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let mut sums = vec![0; (width + 1) * (height + 1)];
        for y in 0..height {
            let mut row = 0;
            for x in 0..width {
                row += u64::from(picture.grey()[y * width + x]);
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
            }
        }
        // Some modules of a code, whatever its size is.
        Self { picture, sums, radius: (width.max(height) / 40).max(4) }
    }

    fn is_darker(&self, x: usize, y: usize) -> bool {
        let (width, height) = (self.picture.width(), self.picture.height());
        let (left, right) = (x.saturating_sub(self.radius), (x + self.radius + 1).min(width));
        let (top, bottom) = (y.saturating_sub(self.radius), (y + self.radius + 1).min(height));
        let sum = |x: usize, y: usize| self.sums[y * (width + 1) + x];
        let square = sum(right, bottom) + sum(left, top) - sum(left, bottom) - sum(right, top);
        let pixels = ((right - left) * (bottom - top)) as u64;
        // In an even place nothing is dark.
        u64::from(self.picture.grey()[y * width + x]) * pixels * 10 < square * 9
    }
}

/// The picture in the sizes in which codes are looked for: large ones for small codes, small ones for blurred codes.
fn sizes(picture: &Picture) -> Vec<Picture> {
    let longer = picture.width().max(picture.height());
    if longer < SHORTEST_SIDE {
        return vec![enlarged(picture, SHORTEST_SIDE.div_ceil(longer)), picture.clone()];
    }
    let first = longer.div_ceil(LONGEST_SIDE);
    [first, 2 * first, 4 * first]
        .into_iter()
        .filter(|by| *by == first || longer / by >= SHORTEST_SIDE)
        .filter_map(|by| if by == 1 { Some(picture.clone()) } else { reduced(picture, by) })
        .collect()
}

fn enlarged(picture: &Picture, by: usize) -> Picture {
    let row = |y: usize| {
        let row = &picture.grey()[y / by * picture.width()..][..picture.width()];
        row.iter().flat_map(move |value| std::iter::repeat_n(*value, by))
    };
    let grey = (0..picture.height() * by).flat_map(row).collect();
    Picture::of_grey(picture.width() * by, picture.height() * by, grey).unwrap_or_else(|| picture.clone())
}

/// Each pixel is the mean of a square. What is left over at the right and the lower edge is cut off.
fn reduced(picture: &Picture, by: usize) -> Option<Picture> {
    let (width, height) = (picture.width() / by, picture.height() / by);
    let mean = |x: usize, y: usize| {
        let rows = (y * by..(y + 1) * by).map(|y| &picture.grey()[y * picture.width() + x * by..][..by]);
        let sum: usize = rows.flatten().map(|value| usize::from(*value)).sum();
        u8::try_from(sum / (by * by)).unwrap_or(u8::MAX)
    };
    let grey = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect();
    Picture::of_grey(width, height, grey)
}

#[cfg(test)]
mod tests {
    use super::super::{Drawing, png};
    use super::*;

    const TEXT: &str = r#"{"id":"0a4682f9-7e6c-49a7-b946-db58f28d8171","host":"https://broker.example"}"#;

    /// Codes on a ground of light grey, each at its place and with its pixels a module.
    fn paper(side: usize, codes: &[(&str, usize, usize, usize)]) -> Picture {
        let mut grey = vec![230; side * side];
        for &(text, left, top, scale) in codes {
            let drawing = Drawing::of(text).unwrap();
            for y in 0..drawing.side() * scale {
                for x in 0..drawing.side() * scale {
                    let value = if drawing.is_dark(x / scale, y / scale) { 20 } else { 240 };
                    grey[(top + y) * side + left + x] = value;
                }
            }
        }
        Picture::of_grey(side, side, grey).unwrap()
    }

    #[test]
    fn a_code_is_found_wherever_it_is_and_in_both_colours() {
        for (side, left, scale) in
            [(300, 30, 5), (1000, 500, 3), (2000, 200, 20), (4000, 1500, 12), (60, 5, 1)]
        {
            let picture = paper(side, &[(TEXT, left, left, scale)]);
            let read = scan(&picture).unwrap_or_else(|problem| panic!("{side}, {scale}: {problem:?}"));
            assert_eq!(&*read, TEXT.as_bytes());
            let inverted = picture.grey().iter().map(|value| 255 - value).collect();
            let inverted = Picture::of_grey(side, side, inverted).unwrap();
            assert_eq!(&*scan(&inverted).unwrap(), TEXT.as_bytes(), "{side}, {scale}, inverted");
        }
    }

    #[test]
    fn a_dim_screen_on_a_bright_page_is_read() {
        let mut grey = vec![250; 1000 * 700];
        let drawing = Drawing::of(TEXT).unwrap();
        for y in 0..drawing.side() * 6 {
            for x in 0..drawing.side() * 6 {
                grey[(100 + y) * 1000 + 100 + x] = if drawing.is_dark(x / 6, y / 6) { 20 } else { 110 };
            }
        }
        let picture = Picture::of_grey(1000, 700, grey).unwrap();
        assert_eq!(&*scan(&picture).unwrap(), TEXT.as_bytes());
    }

    #[test]
    fn none_and_several_are_told_apart() {
        assert_eq!(scan(&paper(500, &[])).unwrap_err(), ScanProblem::None);
        let two = paper(700, &[(TEXT, 20, 20, 5), ("another", 350, 350, 5)]);
        assert_eq!(scan(&two).unwrap_err(), ScanProblem::Several);
        let twice = paper(700, &[(TEXT, 20, 20, 5), (TEXT, 350, 350, 5)]);
        assert_eq!(&*scan(&twice).unwrap(), TEXT.as_bytes(), "the same one twice is one");
    }

    #[test]
    fn a_code_that_is_scratched_through_cannot_be_read() {
        let mut picture = paper(400, &[(TEXT, 40, 40, 6)]);
        let mut grey = picture.grey().to_vec();
        for y in 150..250 {
            for x in 120..260 {
                grey[y * 400 + x] = if (x / 6 + y / 6) % 2 == 0 { 240 } else { 20 };
            }
        }
        picture = Picture::of_grey(400, 400, grey).unwrap();
        assert_eq!(scan(&picture).unwrap_err(), ScanProblem::Unreadable);
    }

    #[test]
    fn whatever_the_bytes_are_the_outcome_is_an_error_or_a_text() {
        let file = png(&Drawing::of(TEXT).unwrap()).unwrap();
        let picture = Picture::read(&file).unwrap();
        // A small generator of our own: the same bytes in each run.
        let mut state = 7_u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap()
        };
        let mut unreadable = 0;
        for round in 0..40 {
            let mut grey = picture.grey().to_vec();
            for _ in 0..round * 6 {
                let (x, y, size) = (random() % 340, random() % 340, 1 + random() % 20);
                let value = u8::try_from(random() % 256).unwrap();
                for row in y..y + size {
                    grey[row * picture.width() + x..][..size].fill(value);
                }
            }
            let damaged = Picture::of_grey(picture.width(), picture.height(), grey).unwrap();
            match scan(&damaged) {
                Ok(text) => assert_eq!(&*text, TEXT.as_bytes()),
                Err(_) => unreadable += 1,
            }
        }
        assert!((1..40).contains(&unreadable), "{unreadable}");
        for round in 0..100 {
            let mut bytes = file.clone();
            for _ in 0..=round % 5 {
                let at = random() % bytes.len();
                bytes[at] = u8::try_from(random() % 256).unwrap();
            }
            bytes.truncate(bytes.len() - random() % 20);
            if let Ok(picture) = Picture::read(&bytes) {
                let _outcome = scan(&picture);
            }
        }
    }
}
