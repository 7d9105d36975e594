//! What has to hold of a library for one processor before it is put together with those for others, and packed.

use super::privacy;
use super::slice;
use crate::package::swift::symbols;
use crate::shell::Failure;

/// Looks at the archive `bytes` of a library of this name; `what` names it in a refusal.
pub(super) fn look(bytes: &[u8], library: &str, what: &str) -> Result<(), Failure> {
    let refused = |why: String| Failure::new(format!("{what}: {why}"));
    let found = symbols::of_archive(bytes, library).map_err(|cause| refused(cause.to_string()))?;
    if found.exports.is_empty() {
        return Err(refused("it exports nothing".to_owned()));
    }
    if let Some(other) = found.others.iter().find(|name| !slice::is_own(name, library)) {
        return Err(refused(format!("it exports {other}")));
    }
    if let Some(section) = found.bitcode.first() {
        return Err(refused(format!("it has a section {section}")));
    }
    let manifest = privacy::read()?;
    match privacy::undeclared(&found.needs, &manifest).first() {
        None => Ok(()),
        Some((symbol, category)) => {
            Err(refused(format!("it calls {symbol}, and {} lacks {category}", privacy::FILE)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "_ffi_b2core_auth_rustbuffer_free";

    /// An object file of Apple's for arm64 with nothing but global symbols of these names, alone in an archive.
    fn archive(names: &[&str]) -> Vec<u8> {
        let words = |all: &[u32]| all.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
        let (mut strings, mut symbols) = (vec![0], Vec::new());
        for name in names {
            // External, with an address, in no section.
            symbols.extend(words(&[u32::try_from(strings.len()).unwrap(), 0x03, 0, 0]));
            strings.extend(name.bytes().chain([0]));
        }
        let count = u32::try_from(names.len()).unwrap();
        let size = u32::try_from(strings.len()).unwrap();
        // 64 bits, arm64, an object, with one command of 24 bytes: where symbols and strings are.
        let mut object = words(&[0xfeed_facf, 0x0100_000c, 0, 1, 1, 24, 0, 0]);
        object.extend(words(&[2, 24, 56, count, 56 + 16 * count, size]));
        object.extend(symbols.into_iter().chain(strings));
        let header = format!("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", "a.o/", 0, 0, 0, 644, object.len());
        [b"!<arch>\n", header.as_bytes(), object.as_slice()].concat()
    }

    #[test]
    fn a_symbol_that_another_library_may_have_too_is_refused() {
        let hidden = slice::own_name("___rust_alloc", "b2core_auth");
        assert!(look(&archive(&[OWN, &hidden]), "b2core_auth", "x").is_ok());
        let refused = look(&archive(&[OWN, "___rust_alloc"]), "b2core_auth", "macos x86_64").unwrap_err();
        assert_eq!(refused.to_string(), "macos x86_64: it exports ___rust_alloc");
    }

    #[test]
    fn a_library_without_functions_of_its_own_is_refused() {
        assert!(look(&archive(&[]), "b2core_auth", "x").unwrap_err().to_string().contains("nothing"));
        assert!(look(b"\xca\xfe\xba\xbe", "b2core_auth", "x").is_err());
    }
}
