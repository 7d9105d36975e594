//! The sign-in page: `/`, and its files and pictures under `/_page`. Everything is in this binary; the page asks nobody else.

mod files;
mod home;
mod picture;
mod table;
mod texts;

pub(super) use home::is_page;
pub(super) use table::{home, routes};
