//! The mark that tells which files are ours.

use super::format::FORMAT;
use crate::{
    local::kind::StoreKind,
    trusted_file::{self, Access, Opened},
};
use serde::Deserialize;
use std::io::{self, Read};

/// Far more than all accounts of a user need; keeps a wrong path from filling the memory.
pub(super) const MAX_BYTES: u64 = 64 << 20;
/// The mark is in the first bytes of every file that was ever written.
const HEAD_BYTES: u64 = 256;

/// The encrypted file.
pub(super) const KIND: StoreKind = StoreKind {
    default_name: "b2auth.store",
    format: FORMAT,
    companions: &[],
    look: |path, look| look(&trusted_file::open_in_place(path, Access::Read)?),
    is_marked: carries,
    may_begin,
};

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
pub(super) fn carries(Opened { file, found }: &Opened) -> io::Result<bool> {
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
