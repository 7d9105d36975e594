//! Opening files in folders that somebody else may write to. A name says nothing of what is opened by it: another user may have put a
//! link, a pipe or a file of their own there, and may do so between two looks at it. So a file is opened first, without following a
//! link and without waiting, and judged by what was opened.
//!
//! | module | holds |
//! | --- | --- |
//! | `owner` | whose a file or a link may be |
//! | `links` | following links, of those only who are trusted |
//! | `open` | opening, and looking at what was opened |
//!
//! It is public for `b2auth`, whose own files are opened in the same way, and not a part of the API.

mod links;
mod open;
mod owner;

pub use links::{check_way, follow};
pub use open::{Access, Opened, no_file, open, open_directory, open_in_place, open_waiting};
pub use owner::{another_s, check as check_owner, is_shared};
