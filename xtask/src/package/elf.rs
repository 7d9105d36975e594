//! What a shared library for Linux or Android has to be like before it is packed.

use object::elf::{DT_RPATH, DT_RUNPATH, FileHeader32, FileHeader64, PT_LOAD, SHT_SYMTAB};
use object::read::elf::{Dyn, FileHeader, ProgramHeader, Sym};
use object::{Endianness, FileKind};

/// The pages of newer Android devices, in bytes.
const PAGE: u64 = 16 * 1024;

/// All that is wrong with a library of this name; nothing if it can be packed.
pub(super) fn wrong(bytes: &[u8], library: &str) -> Vec<String> {
    let read = match FileKind::parse(bytes) {
        Ok(FileKind::Elf64) => look::<FileHeader64<Endianness>>(bytes, library),
        Ok(FileKind::Elf32) => look::<FileHeader32<Endianness>>(bytes, library),
        Ok(other) => return vec![format!("it is no ELF file but {other:?}")],
        Err(cause) => Err(cause),
    };
    read.unwrap_or_else(|cause| vec![format!("it cannot be read: {cause}")])
}

fn look<Elf: FileHeader<Endian = Endianness>>(bytes: &[u8], library: &str) -> object::Result<Vec<String>> {
    let elf = Elf::parse(bytes)?;
    let endian = elf.endian()?;
    let mut wrong = Vec::new();
    for segment in elf.program_headers(endian, bytes)? {
        let align: u64 = segment.p_align(endian).into();
        if segment.p_type(endian) == PT_LOAD && align < PAGE {
            wrong.push(format!("a segment is aligned to {align} bytes and not to {PAGE}"));
        }
        for entry in segment.dynamic(endian, bytes)?.unwrap_or_default() {
            if [DT_RUNPATH, DT_RPATH].contains(&entry.d_tag(endian)) {
                wrong.push("it looks for libraries in folders of the machine that built it".to_owned());
            }
        }
    }
    let sections = elf.sections(endian, bytes)?;
    if !sections.symbols(endian, bytes, SHT_SYMTAB)?.is_empty() {
        wrong.push("it is not stripped".to_owned());
    }
    let symbols = sections.symbols(endian, bytes, object::elf::SHT_DYNSYM)?;
    let mut ours = 0;
    for symbol in symbols.iter().filter(|symbol| !symbol.is_undefined(endian) && !symbol.is_local()) {
        let name = String::from_utf8_lossy(symbols.symbol_name(endian, symbol)?);
        // Two libraries of this kind in one app must not see each other.
        if name.starts_with(&format!("uniffi_{library}_")) || name.starts_with(&format!("ffi_{library}_")) {
            ours += 1;
        } else {
            wrong.push(format!("it exports {name}"));
        }
    }
    if ours == 0 {
        wrong.push("it exports nothing".to_owned());
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_library_is_told() {
        assert_eq!(wrong(b"MZ", "b2core_auth").len(), 1);
        assert_eq!(wrong(b"", "b2core_auth").len(), 1);
        assert_eq!(wrong(b"\x7fELF\x02\x01\x01", "b2core_auth").len(), 1);
    }

    /// A program of this machine: aligned to small pages, and it exports what its linker likes.
    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn a_library_that_is_built_without_our_flags_is_refused() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let wrong = wrong(&own, "b2core_auth").join("\n");
        for reason in ["aligned to 4096", "not stripped", "exports nothing"] {
            assert!(wrong.contains(reason), "{wrong}");
        }
    }
}
