//! Which files are ours: only what carries the format's mark is ever renamed, changed in mode or removed.

use super::{error::io_error, format::FORMAT};
use crate::trusted_file::{self, Access, Opened};
use auth_core::ports::StoreError;
use serde::Deserialize;
use std::{
    io::{self, Read},
    path::Path,
};

/// Far more than all accounts of a user need; keeps a wrong path from filling the memory.
pub(super) const MAX_BYTES: u64 = 64 << 20;
/// The mark is in the first bytes of every file that was ever written.
const HEAD_BYTES: u64 = 256;

/// JSON that names a format, whatever else is in it.
#[derive(Deserialize)]
struct Named {
    format: String,
}

/// True if these are the bytes of a store, whole or damaged: it begins as all of ours do, or is JSON that names the format.
pub(super) fn is_in(bytes: &[u8]) -> bool {
    begins(bytes) || serde_json::from_slice::<Named>(bytes).is_ok_and(|named| named.format == FORMAT.name)
}

/// True if these bytes are the beginning of a store, however little of it: of a write that was cut off.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    let mark = format!(r#"{{"format":"{}""#, FORMAT.name);
    mark.as_bytes().starts_with(bytes) || begins(bytes)
}

fn begins(bytes: &[u8]) -> bool {
    let name = format!(r#""{}""#, FORMAT.name);
    let tokens = ["{", r#""format""#, ":", &name];
    let rest =
        tokens.iter().try_fold(bytes, |rest, token| rest.trim_ascii_start().strip_prefix(token.as_bytes()));
    rest.is_some()
}

/// True if the file carries the mark.
pub(super) fn is_at(path: &Path) -> io::Result<bool> {
    carries(&trusted_file::open(path, Access::Read)?)
}

fn carries(Opened { file, found }: &Opened) -> io::Result<bool> {
    let mut file = file;
    let mut bytes = Vec::new();
    (&mut file).take(HEAD_BYTES).read_to_end(&mut bytes)?;
    if begins(&bytes) {
        return Ok(true);
    }
    if found.len() > MAX_BYTES {
        return Ok(false);
    }
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(is_in(&bytes))
}

/// Before anything is made beside a store: refuses where another program's file lies in its place. None, or an empty one, is good.
///
/// # Errors
/// [`StoreError::NotAStore`]; [`StoreError::Io`] if that cannot be told.
pub(super) fn check(store: &Path) -> Result<(), StoreError> {
    let unreadable = io_error("reading a file", store);
    match trusted_file::open(store, Access::Read) {
        Ok(opened) if opened.found.len() == 0 => Ok(()),
        Ok(opened) if carries(&opened).map_err(&unreadable)? => Ok(()),
        Ok(_) => Err(not_a_store(store)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unreadable(error)),
    }
}

pub(super) fn not_a_store(path: &Path) -> StoreError {
    StoreError::NotAStore { path: path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_the_format_and_nothing_that_looks_like_it() {
        for ours in [
            r#"{"format":"b2auth-store","version":1"#,
            "{ \"format\" :\n\t\"b2auth-store\" , \"vers\u{0}",
            r#"{"version": "?", "format": "b2auth-store", "all": ["else"]}"#,
        ] {
            assert!(is_in(ours.as_bytes()), "{ours}");
        }
        for foreign in [
            "",
            "{",
            "\0\0\0\0",
            r#"{"format":"b2auth-sto"#,
            r#"{"format":"b2auth-store-backup"}"#,
            r#"{"format":"something else","version":1}"#,
            r#"[{"format":"b2auth-store","version":1}]"#,
            r#"{"note":{"format":"b2auth-store","version":1}}"#,
            "b2auth-store",
        ] {
            assert!(!is_in(foreign.as_bytes()), "{foreign}");
        }
    }

    #[test]
    fn a_write_that_was_cut_off_anywhere_is_ours() {
        let whole = br#"{"format":"b2auth-store","version":1,"seal":{}}"#;
        assert!((0..whole.len()).all(|end| may_begin(&whole[..end])));
        assert!(!may_begin(b"x") && !may_begin(br#"{"form of"#));
    }
}
