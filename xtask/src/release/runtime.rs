//! What is linked into the command beside the crates: Rust's standard library, and a C library if the command has one inside.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::musl;
use crate::debian_rust;
use crate::licence_texts::{section, standard_library, standard_library_version};
use crate::python::Packages;
use crate::shell::{self, Failure};

/// How the command is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Over musl, by Zig, with the standard library of the project's toolchain or of Debian's.
    Musl { by_debian: bool },
    /// Over glibc, which is inside.
    StaticGlibc,
    /// Against the system's C library.
    Shared,
}

/// One part.
pub(super) struct Component {
    name: &'static str,
    version: String,
    /// In the form of SPDX.
    licence: &'static str,
    text: String,
}

impl Route {
    /// The way on this machine to a command that needs nothing.
    pub(super) fn of_one_file() -> Self {
        match musl::what_is_missing() {
            None => Self::Musl { by_debian: !musl::is_installed() },
            Some(_) => Self::StaticGlibc,
        }
    }

    /// The compilers and libraries of the machine that take part, with their versions.
    pub(super) fn tools(self) -> Result<Vec<String>, Failure> {
        Ok(match self {
            Self::Shared => vec![shell::rustc_version()?],
            Self::StaticGlibc => {
                vec![shell::rustc_version()?, debian_version("libc6-dev")?, debian_version(&gcc_package()?)?]
            }
            Self::Musl { by_debian } => {
                let rust = if by_debian { debian_rust::versions() } else { vec![shell::rustc_version()?] };
                rust.into_iter().chain([zig()?, musl::tool_version()]).collect()
            }
        })
    }

    /// What is linked in.
    pub(super) fn components(self) -> Result<Vec<Component>, Failure> {
        let mut all = vec![self.standard_library()?];
        match self {
            Self::Shared => {}
            Self::Musl { .. } => {
                // They have no numbers of their own there.
                let version = zig()?.replace(' ', "-");
                let folder = musl::zig_folder()?;
                let read = |file: &str| read(&folder.join(file));
                let add = |name, licence, file| {
                    Ok(Component { name, version: version.clone(), licence, text: read(file)? })
                };
                all.push(add("musl", "MIT", "lib/libc/musl/COPYRIGHT")?);
                all.push(add("libunwind", "Apache-2.0 WITH LLVM-exception", "lib/libunwind/LICENSE.TXT")?);
                all.push(add("compiler-rt", "MIT", "LICENSE")?);
            }
            Self::StaticGlibc => {
                let copyright =
                    |package: &str| read(&Path::new("/usr/share/doc").join(package).join("copyright"));
                let lesser = read(Path::new("/usr/share/common-licenses/LGPL-2.1"))?;
                let version = |package: &str| {
                    let text = debian_version(package)?;
                    Ok(text.split_once(' ').map(|(_, version)| version.to_owned()).unwrap_or(text))
                };
                let gcc = gcc_package()?;
                let text = format!("{}\n\n{lesser}", copyright("libc6-dev")?);
                all.push(Component {
                    name: "glibc",
                    version: version("libc6-dev")?,
                    licence: "LGPL-2.1-or-later",
                    text,
                });
                let (licence, text) = ("GPL-3.0-or-later WITH GCC-exception-3.1", copyright(&gcc)?);
                all.push(Component { name: "libgcc", version: version(&gcc)?, licence, text });
            }
        }
        Ok(all)
    }

    fn standard_library(self) -> Result<Component, Failure> {
        let (version, text) = match self {
            Self::Musl { by_debian: true } => debian_rust::standard_library()?,
            _ => (standard_library_version()?, standard_library()?),
        };
        Ok(Component { name: "rust-std", version, licence: "MIT OR Apache-2.0", text })
    }
}

impl Component {
    /// Its part of the notices.
    pub(super) fn notice(&self) -> String {
        section(self.licence, &format!("{} {}", self.name, self.version), &self.text)
    }

    /// What stands for it in a list of CycloneDX's.
    fn listed(&self) -> Value {
        json!({
            "type": "library",
            "bom-ref": format!("runtime/{}", self.name),
            "name": self.name,
            "version": self.version,
            "scope": "required",
            "licenses": [{ "expression": self.licence }],
        })
    }
}

/// Adds them to a list, as what its product depends on.
pub(super) fn add(components: &[Component], bom: &mut Value) {
    let root = bom["metadata"]["component"]["bom-ref"].clone();
    for component in components {
        let listed = component.listed();
        let reference = listed["bom-ref"].clone();
        if let Some(dependencies) = bom["dependencies"].as_array_mut() {
            for dependency in dependencies.iter_mut().filter(|it| it["ref"] == root) {
                if dependency.get("dependsOn").is_none() {
                    dependency["dependsOn"] = json!([]);
                }
                if let Some(on) = dependency["dependsOn"].as_array_mut() {
                    on.push(reference.clone());
                }
            }
            dependencies.push(json!({ "ref": reference, "dependsOn": [] }));
        }
        if let Some(all) = bom["components"].as_array_mut() {
            all.push(listed);
        }
    }
}

fn zig() -> Result<String, Failure> {
    Packages::Zig.first()
}

/// The package with the compiler's own library, of the version that links here.
fn gcc_package() -> Result<String, Failure> {
    let version = shell::output(&mut shell::command("cc", ["-dumpversion"]))?;
    let major = version.trim().split('.').next().unwrap_or_default().to_owned();
    Ok(format!("libgcc-{major}-dev"))
}

/// `libc6-dev 2.36-9`, or that the system is none of Debian's.
fn debian_version(package: &str) -> Result<String, Failure> {
    let query = ["-W", "-f", "${Version}", package];
    let version = shell::output(&mut shell::command("dpkg-query", query))
        .map_err(|cause| Failure::new(format!("{cause}; a static glibc is built on Debian")))?;
    Ok(format!("{package} {version}"))
}

fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component() -> Component {
        Component { name: "musl", version: "1".to_owned(), licence: "MIT", text: "Copyright x\n".to_owned() }
    }

    #[test]
    fn a_component_is_in_the_notices_and_in_the_list() {
        let notice = component().notice();
        assert!(notice.contains("\nMIT\n\nmusl 1\n") && notice.ends_with("\nCopyright x\n"), "{notice}");
        let mut bom = json!({
            "metadata": { "component": { "bom-ref": "app" } },
            "components": [],
            "dependencies": [{ "ref": "app", "dependsOn": ["a"] }, { "ref": "a" }],
        });
        add(&[component()], &mut bom);
        assert_eq!(bom["components"][0]["name"], "musl");
        assert_eq!(bom["components"][0]["licenses"][0]["expression"], "MIT");
        assert_eq!(bom["dependencies"][0]["dependsOn"], json!(["a", "runtime/musl"]));
        assert_eq!(bom["dependencies"][2]["ref"], "runtime/musl");
    }

    #[test]
    fn what_is_linked_against_the_systems_library_has_the_standard_library_alone() {
        let all = Route::Shared.components().unwrap();
        assert_eq!(all.iter().map(|it| it.name).collect::<Vec<_>>(), ["rust-std"]);
        // Once, as everything.
        let heading = format!("rust-std {}", all[0].version);
        assert_eq!(all[0].notice().matches(&heading).count(), 1);
        assert_eq!(Route::Shared.tools().unwrap().len(), 1);
    }
}
