//! Whether a file is a library for the platform that its place says, whatever its name is.

use object::read::NameOrOrdinal;
use object::{Architecture, BinaryFormat, File, Object, ObjectKind};

/// Why it is not one of this name for this target of Rust's, in a line; nothing if it is.
pub(super) fn wrong(bytes: &[u8], triple: &str, library: &str) -> Option<String> {
    let file = match File::parse(bytes) {
        Ok(file) => file,
        Err(cause) => return Some(format!("it is no library: {cause}")),
    };
    if (file.format(), file.architecture()) != expected(triple) || file.kind() != ObjectKind::Dynamic {
        let found = (file.format(), file.architecture(), file.kind());
        return Some(format!("it is no library for {triple} but {found:?}"));
    }
    let ours = [format!("ffi_{library}_"), format!("uniffi_{library}_")];
    let is_ours = |name: &[u8]| {
        // Names of C begin with an underscore on Apple's systems.
        let name = name.strip_prefix(b"_").unwrap_or(name);
        ours.iter().any(|prefix| name.starts_with(prefix.as_bytes()))
    };
    let mut exports = file.exports().into_iter().flatten().flatten();
    let found = exports.any(|export| matches!(export.name(), NameOrOrdinal::Name(name) if is_ours(name)));
    (!found).then(|| format!("it exports nothing of {library}"))
}

fn expected(triple: &str) -> (BinaryFormat, Architecture) {
    let format = match triple {
        _ if triple.contains("-apple-") => BinaryFormat::MachO,
        _ if triple.contains("-windows-") => BinaryFormat::Pe,
        _ => BinaryFormat::Elf,
    };
    let architecture = match triple.split('-').next().unwrap_or_default() {
        "x86_64" => Architecture::X86_64,
        "aarch64" => Architecture::Aarch64,
        "i686" => Architecture::I386,
        "armv7" => Architecture::Arm,
        _ => Architecture::Unknown,
    };
    (format, architecture)
}

#[cfg(test)]
mod tests {
    use super::super::natives::{ANDROID, JVM};
    use super::*;

    #[test]
    fn every_platform_has_a_format_and_a_processor() {
        for platform in JVM.iter().chain(ANDROID) {
            assert_ne!(expected(platform.triple).1, Architecture::Unknown, "{}", platform.triple);
        }
    }

    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn a_library_for_another_system_or_of_another_name_is_refused() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let wrong = |triple| wrong(&own, triple, "b2core_auth").unwrap();
        assert!(wrong("x86_64-pc-windows-msvc").contains("no library for x86_64-pc-windows-msvc"));
        assert!(wrong("aarch64-unknown-linux-gnu").contains("no library for aarch64"));
        assert!(wrong("x86_64-unknown-linux-gnu").contains("exports nothing of b2core_auth"));
    }
}
