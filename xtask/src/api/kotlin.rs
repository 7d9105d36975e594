//! The API of the Kotlin layer, from its compiled classes: as an app's source sees it, and as a compiled app links to it.

use std::fs;
use std::path::Path;

use super::listing::Listing;
use super::reachable::{self, Item};
use super::{Listed, Mode, fresh_folder, io_failure};
use crate::maven;
use crate::shell::{self, Failure};
use crate::workspace;

/// The packages that are generated.
const GENERATED: [&str; 2] = ["b2core.auth.ffi", "b2core.auth.test.ffi"];

/// The modules that apps depend on, below `bindings/kotlin`.
const MODULES: [&str; 5] = ["core", "okhttp", "ktor", "android", "testing"];

/// Compiles the layer and lists it, if there is a JDK.
pub(super) fn list(mode: Mode) -> Result<Listed, Failure> {
    if let Some(reason) = maven::what_is_missing() {
        return Ok(Listed::NotRun(reason));
    }
    let folder = |module: &&str| shell::root().join("bindings/kotlin").join(module).join("target/classes");
    let classes = std::env::join_paths(MODULES.iter().map(folder));
    let classes = classes.map_err(|cause| Failure::new(format!("the folder of the repository: {cause}")))?;
    let out = workspace::target_folder()?.join("api/kotlin");
    fresh_folder(&out)?;
    let fixed = ["--batch-mode", "--no-transfer-progress", "--quiet", "-f"];
    if mode != Mode::CheckAfterSuites {
        shell::run(maven::command(fixed)?.args(["bindings/kotlin/pom.xml", "compile"]))?;
    }
    let mut list = maven::command(fixed)?;
    list.args(["xtask/kotlin-api/pom.xml", "exec:exec"]);
    list.arg(format!("-Dapi.classes={}", classes.to_string_lossy()))
        .arg(format!("-Dapi.out={}", out.display()));
    shell::run(&mut list)?;

    let source = read(&out.join("kotlin.txt"))?;
    let jvm = flat(&read(&out.join("jvm.txt"))?);
    Ok(Listed::Files(vec![
        Listing::sorted("kotlin.txt", seen(source.lines())),
        Listing::sorted("kotlin-jvm.txt", seen(jvm.iter().map(String::as_str))),
    ]))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|cause| io_failure(path, &cause))
}

/// A dump of classes with their members indented below them, with the class on each line.
fn flat(dump: &str) -> Vec<String> {
    let mut class = "";
    let mut lines = Vec::new();
    for line in dump.lines().filter(|line| !line.is_empty() && *line != "}") {
        if let Some(member) = line.strip_prefix('\t') {
            lines.push(format!("{class}: {member}"));
        } else if let Some((kind, rest)) = line.trim_end_matches([' ', '{']).split_once(" class ") {
            let (name, above) = rest.split_once(' ').map_or((rest, ""), |(name, above)| (name, above));
            class = name;
            lines.push(format!("{name} = {kind} class {above}").trim_end().to_owned());
        }
    }
    lines
}

/// The lines that an app sees: those of the layer, and of the generated package what these lead to.
fn seen<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let items = lines.map(|line| {
        let plain = line.replace('/', ".");
        let end = plain.find([' ', ':']).unwrap_or(plain.len());
        let of = generated_types(&plain[..end]).next().unwrap_or_else(|| plain[..end].to_owned());
        Item { of, names: generated_types(&plain).collect(), line: line.to_owned() }
    });
    reachable::lines(items.collect(), |item| is_generated(&item.of))
}

/// The package itself, which has functions of its own, or a type in it.
fn is_generated(of: &str) -> bool {
    let is_in =
        |package: &str| of.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    GENERATED.into_iter().any(is_in)
}

/// The outermost types of the generated package in a text.
fn generated_types(text: &str) -> impl Iterator<Item = String> {
    GENERATED.into_iter().flat_map(move |package| {
        text.split(package).skip(1).filter_map(move |rest| {
            let rest = rest.strip_prefix('.')?;
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            Some(format!("{package}.{}", &rest[..end]))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_a_dump_gets_its_class() {
        let dump = "\
public final class a/B {
\tpublic fun <init> ()V
\tpublic final fun x ()La/C;
}

public abstract interface class a/C$D : java/lang/AutoCloseable, a/B {
}
";
        let expected = [
            "a/B = public final class",
            "a/B: public fun <init> ()V",
            "a/B: public final fun x ()La/C;",
            "a/C$D = public abstract interface class : java/lang/AutoCloseable, a/B",
        ];
        assert_eq!(flat(dump), expected);
    }

    #[test]
    fn generated_classes_are_listed_where_an_app_meets_them() {
        let source = [
            "b2core.auth: typealias Office = b2core.auth.ffi.Office",
            "b2core.auth.ffi.Office = enum class",
            "b2core.auth.ffi.Office: fun told(): b2core.auth.ffi.Told.Known?",
            "b2core.auth.ffi.Told = sealed class",
            "b2core.auth.ffi.Told.Known = data class : b2core.auth.ffi.Told",
            "b2core.auth.ffi: fun generatedHelper(): b2core.auth.ffi.FfiConverterOffice",
            "b2core.auth.ffi.FfiConverterOffice = object",
            "b2core.auth.ffi.FfiConverterOffice: fun lift(value: b2core.auth.ffi.RustBuffer): b2core.auth.ffi.Office",
        ];
        assert_eq!(seen(source.into_iter()), source[..5]);
        let jvm = [
            "b2core/auth/A = public final class",
            "b2core/auth/A: public final fun x (Lb2core/auth/ffi/Told$Known;)V",
            "b2core/auth/ffi/Told$Known = public final class : b2core/auth/ffi/Told",
            "b2core/auth/ffi/RustBuffer = public class : com/sun/jna/Structure",
        ];
        assert_eq!(seen(jvm.into_iter()), jvm[..3]);
    }
}
