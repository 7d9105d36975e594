//! Two libraries in Rust in one program, and a copy of one under another name: each has a standard library of its own inside,
//! and none may see another's.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::failure;
use crate::package;
use crate::shell::{self, Failure};
use crate::test::setup::llvm;

/// What the copy's functions begin with.
const PREFIX: &str = "other_";

/// Calls into each of them: something is allocated in one library and freed in the same.
const PROGRAM: &str = r#"
#include <stdint.h>
#include <stdio.h>
typedef struct { uint64_t capacity, len; uint8_t *data; } RustBuffer;
typedef struct { int8_t code; RustBuffer error; } RustCallStatus;
#define DECLARE(library) \
    uint32_t library##_uniffi_contract_version(void); \
    RustBuffer library##_rustbuffer_alloc(uint64_t, RustCallStatus *); \
    void library##_rustbuffer_free(RustBuffer, RustCallStatus *);
DECLARE(ffi_b2core_auth)
DECLARE(ffi_b2core_auth_sandbox)
DECLARE(other_ffi_b2core_auth)
#define CHECK(library) do { \
    RustCallStatus status = { 0 }; \
    RustBuffer buffer = library##_rustbuffer_alloc(4096, &status); \
    if (status.code != 0 || buffer.capacity < 4096) return 1; \
    for (int at = 0; at < 4096; at++) buffer.data[at] = (uint8_t)at; \
    library##_rustbuffer_free(buffer, &status); \
    if (status.code != 0) return 2; \
    printf("%s has contract %u at %p\n", #library, library##_uniffi_contract_version(), \
           (void *)library##_rustbuffer_alloc); \
} while (0)
int main(void) {
    CHECK(ffi_b2core_auth);
    CHECK(ffi_b2core_auth_sandbox);
    CHECK(other_ffi_b2core_auth);
    return (void *)ffi_b2core_auth_rustbuffer_alloc == (void *)other_ffi_b2core_auth_rustbuffer_alloc;
}
"#;

/// Links and runs the program, with all of each archive in it.
pub(super) fn run(folder: &Path) -> Result<bool, Failure> {
    let [(name, first), (_, second)] = package::static_libraries()?;
    let mut map = String::new();
    for export in package::exports(&first, name)? {
        let _ = writeln!(map, "{export} {PREFIX}{export}");
    }
    let names = folder.join("names");
    fs::write(&names, map).map_err(|cause| failure(&names, &cause))?;
    let copy = folder.join("libother.a");
    let mut rename = shell::command(llvm::tool("llvm-objcopy")?, ["--redefine-syms"]);
    shell::run(rename.arg(&names).args([&first, &copy]))?;

    let (source, program) = (folder.join("clash.c"), folder.join("clash"));
    fs::write(&source, PROGRAM).map_err(|cause| failure(&source, &cause))?;
    let mut link = shell::command("cc", ["-o"]);
    link.arg(&program).arg(&source).arg("-Wl,--whole-archive").args([&first, &second, &copy]);
    link.args(["-Wl,--no-whole-archive", "-lgcc_s", "-lpthread", "-ldl", "-lm"]);
    Ok(shell::run(&mut link).and_then(|()| shell::run(&mut shell::command(&program, [""; 0]))).is_ok())
}
