//! What a static library gives to the program that links it, what it may not, and what it needs.

use object::read::archive::ArchiveFile;
use object::{BinaryFormat, File, Object, ObjectSection, ObjectSymbol};

/// The symbols of a library, in the spelling of its object files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Symbols {
    /// What the generated code calls.
    pub(crate) exports: Vec<String>,
    /// All others that can be linked to, which two libraries of this kind would both have.
    pub(crate) others: Vec<String>,
    /// What it calls of the system.
    pub(crate) needs: Vec<String>,
    /// Sections with the compiler's own form of the code.
    pub(crate) bitcode: Vec<String>,
}

/// Whether the generated code calls a function of this name. The descriptions of the interface are for its generator.
fn is_export(name: &str, library: &str) -> bool {
    ["ffi_", "uniffi_"].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix(library))
            .is_some_and(|rest| rest.starts_with('_'))
    })
}

/// Those of all members of an archive.
pub(crate) fn of_archive(bytes: &[u8], library: &str) -> object::Result<Symbols> {
    let archive = ArchiveFile::parse(bytes)?;
    let mut all = Symbols::default();
    for member in archive.members() {
        add(&mut all, member?.data(bytes)?, library)?;
    }
    Ok(finished(all))
}

/// Those of one object file.
pub(crate) fn of_object(bytes: &[u8], library: &str) -> object::Result<Symbols> {
    let mut all = Symbols::default();
    add(&mut all, bytes, library)?;
    Ok(finished(all))
}

fn add(all: &mut Symbols, bytes: &[u8], library: &str) -> object::Result<()> {
    let file = File::parse(bytes)?;
    for section in file.sections().filter(|section| section.size() > 0) {
        let (segment, name) = (section.segment_name()?.unwrap_or_default(), section.name()?);
        if name.starts_with(".llvm") || segment == "__LLVM" {
            all.bitcode.push(name.to_owned());
        }
    }
    // Names of C begin with an underscore there.
    let added = if file.format() == BinaryFormat::MachO { "_" } else { "" };
    for symbol in file.symbols() {
        let name = symbol.name()?;
        let plain = name.strip_prefix(added).unwrap_or(name);
        match () {
            () if name.is_empty() => {}
            () if symbol.is_undefined() => all.needs.push(plain.to_owned()),
            () if !symbol.is_global() => {}
            () if is_export(plain, library) => all.exports.push(name.to_owned()),
            () => all.others.push(name.to_owned()),
        }
    }
    Ok(())
}

fn finished(mut all: Symbols) -> Symbols {
    for names in [&mut all.exports, &mut all.others, &mut all.needs] {
        names.sort();
        names.dedup();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_functions_of_this_very_library_are_exports() {
        for name in ["ffi_b2core_auth_rustbuffer_free", "uniffi_b2core_auth_fn_method_session_account"] {
            assert!(is_export(name, "b2core_auth"), "{name}");
        }
        for name in ["UNIFFI_META_B2CORE_AUTH_X", "rust_eh_personality", "ffi_other_x", "ffi_b2core_authx"] {
            assert!(!is_export(name, "b2core_auth"), "{name}");
        }
        assert!(is_export("ffi_b2core_auth_sandbox_x", "b2core_auth_sandbox"));
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        assert!(of_object(b"MZ", "b2core_auth").is_err());
        assert!(of_archive(b"", "b2core_auth").is_err());
    }
}
