//! QR codes: drawn for a terminal and as pictures, and read from pictures.
//!
//! | question | module |
//! | --- | --- |
//! | Which modules of a code are dark? | `drawing` |
//! | How does it look in a terminal? | `terminal` |
//! | How does it look as a file? | `files` |
//! | What are the grey values of a PNG or JPEG? | `picture` |
//! | Which text is in a picture? | `scan` |

mod drawing;
mod files;
mod picture;
mod scan;
mod terminal;

pub(crate) use drawing::Drawing;
pub(crate) use files::{is_png, is_svg, png, svg};
pub(crate) use picture::{MAX_FILE_BYTES, Picture, PictureError};
pub(crate) use scan::{ScanProblem, scan};
pub(crate) use terminal::{Look, draw};
