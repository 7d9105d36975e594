//! What is compiled into each product, as CycloneDX: by cargo-cyclonedx, without what it lists too much, and without folders of
//! this machine.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use super::runtime::{self, Route};
use crate::cargo_tool::CargoTool;
use crate::reproducible;
use crate::shell::{self, Failure, Verdict};
use crate::workspace;

const CYCLONEDX: CargoTool = CargoTool {
    name: "cargo-cyclonedx",
    version: "0.5.9",
    line: "0.5.9",
    verb: Some("cyclonedx"),
    arguments: &[],
};

/// What is shipped.
pub(super) struct Product {
    package: &'static str,
    /// Arguments for cargo that choose its features.
    features: &'static [&'static str],
    /// The name of the file, without its ending.
    pub(super) name: &'static str,
}

/// The command as one file, whose C library is in it.
const ONE_FILE: &str = "b2auth";

pub(super) const PRODUCTS: [Product; 6] = [
    Product { package: "auth-cli", features: &[], name: ONE_FILE },
    Product { package: "auth-cli", features: &[], name: "b2auth-debian" },
    Product { package: "auth-client", features: &[], name: "auth-client" },
    Product { package: "auth-ffi", features: &[], name: "b2core_auth" },
    Product { package: "auth-ffi", features: &["--no-default-features"], name: "b2core_auth-platform" },
    Product { package: "auth-sandbox-ffi", features: &[], name: "b2core_auth_sandbox" },
];

/// The targets that something is shipped for. Not `all`: that has dependencies which are for no target at all, `cfg(any())`.
const TARGETS: [&str; 14] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "aarch64-apple-ios",
    "aarch64-apple-ios-sim",
    "x86_64-apple-ios",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
    "aarch64-linux-android",
    "armv7-linux-androideabi",
    "x86_64-linux-android",
    "i686-linux-android",
];

/// A crate, by name and version.
pub(super) type Crates = BTreeSet<(String, String)>;

/// Whether every list is complete; nothing where the tool is not there, which CI does not install.
pub(crate) fn gate() -> Result<Option<Verdict>, Failure> {
    let Some(tool) = CYCLONEDX.find() else { return Ok(None) };
    let checkout = Checkout::export(&workspace::target_folder()?.join("sbom"), "HEAD")?;
    for product in &PRODUCTS {
        let bom = checkout.bom(&tool, product)?;
        println!("{}: {} crates, as in `cargo tree`", product.name, components(&bom).len());
    }
    Ok(Some(Verdict::Passed))
}

/// What makes the lists.
pub(super) fn tool_version() -> String {
    format!("{} {}", CYCLONEDX.name, CYCLONEDX.version)
}

/// The list of each product at a commit, as the text of its file.
pub(super) fn all(place: &Path, commit: &str) -> Result<Vec<(&'static str, String)>, Failure> {
    let tool = CYCLONEDX.find_or_install()?;
    let checkout = Checkout::export(place, commit)?;
    let text = |product: &Product| {
        let mut bom = checkout.bom(&tool, product)?;
        let route = if product.name == ONE_FILE { Route::of_one_file() } else { Route::Shared };
        // A crate that others compile has no standard library in it.
        if product.package != "auth-client" {
            runtime::add(&route.components()?, &mut bom);
        }
        Ok((product.name, format!("{bom:#}\n")))
    };
    PRODUCTS.iter().map(text).collect()
}

/// The commit in a folder of its own: the tool writes a file beside each manifest.
struct Checkout(PathBuf);

impl Checkout {
    fn export(place: &Path, commit: &str) -> Result<Self, Failure> {
        let failure = |cause: std::io::Error| Failure::new(format!("{}: {cause}", place.display()));
        if place.exists() {
            fs::remove_dir_all(place).map_err(failure)?;
        }
        fs::create_dir_all(place).map_err(failure)?;
        let archive = place.with_extension("tar");
        shell::run(shell::command("git", ["archive", "--format", "tar", commit, "-o"]).arg(&archive))?;
        shell::run(shell::command("tar", ["-xf"]).arg(&archive).arg("-C").arg(place))?;
        Ok(Self(place.to_owned()))
    }

    /// The list of a product. It is refused if a crate is missing.
    fn bom(&self, tool: &Path, product: &Product) -> Result<Value, Failure> {
        let manifest = self.0.join(format!("crates/{}/Cargo.toml", product.package));
        let fixed = ["cyclonedx", "--format", "json", "--spec-version", "1.5", "--target", "all", "--quiet"];
        let mut command = shell::command(tool, fixed);
        command
            .args(product.features)
            .args(["--override-filename", "bom"])
            .arg("--manifest-path")
            .arg(&manifest);
        command.env("SOURCE_DATE_EPOCH", reproducible::date()?.to_string());
        shell::run(command.stdout(Stdio::null()))?;
        let file = manifest.with_file_name("bom.json");
        let failure = |cause: &dyn std::fmt::Display| Failure::new(format!("{}: {cause}", file.display()));
        let text = fs::read_to_string(&file).map_err(|cause| failure(&cause))?;
        let mut bom: Value = serde_json::from_str(&text).map_err(|cause| failure(&cause))?;
        let compiled = self.compiled(product)?;
        tidy(&mut bom, &self.0, &compiled);
        let listed = components(&bom);
        if let Some((name, version)) = compiled.difference(&listed).next() {
            return Err(failure(&format!("{name} {version} is compiled in, but not listed")));
        }
        Ok(bom)
    }

    /// What cargo compiles for it, for any target that is shipped, without the product itself.
    fn compiled(&self, product: &Product) -> Result<Crates, Failure> {
        let fixed = ["tree", "--locked", "-e", "normal,build", "--prefix", "none", "-f", "{p}"];
        let mut command = shell::cargo(fixed);
        command.args(TARGETS.iter().flat_map(|target| ["--target", target]));
        command.args(["-p", product.package]).args(product.features).current_dir(&self.0);
        let mut crates: Crates = shell::output(&mut command)?.lines().filter_map(crate_of_line).collect();
        crates.retain(|(name, _)| name != product.package);
        Ok(crates)
    }
}

/// `serde v1.0.229 (*)`, `auth-core v0.1.0 (/path)`
fn crate_of_line(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace();
    let (name, version) = (words.next()?, words.next()?);
    Some((name.to_owned(), version.strip_prefix('v')?.to_owned()))
}

/// The crates of a list that was written.
pub(super) fn crates_of(file: &Path) -> Result<Crates, Failure> {
    let failure = |cause: &dyn std::fmt::Display| Failure::new(format!("{}: {cause}", file.display()));
    let text = fs::read_to_string(file).map_err(|cause| failure(&cause))?;
    Ok(components(&serde_json::from_str(&text).map_err(|cause| failure(&cause))?))
}

/// The crates that are listed.
fn components(bom: &Value) -> Crates {
    let all = bom["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(named).collect()
}

fn named(component: &Value) -> Option<(String, String)> {
    Some((component["name"].as_str()?.to_owned(), component["version"].as_str()?.to_owned()))
}

/// Leaves what is compiled in, and no path of this machine. What is left out of the components is left out of the dependencies.
fn tidy(bom: &mut Value, root: &Path, compiled: &Crates) {
    let mut kept = BTreeSet::new();
    if let Some(root) = bom["metadata"]["component"]["bom-ref"].as_str() {
        kept.insert(root.to_owned());
    }
    if let Some(components) = bom["components"].as_array_mut() {
        components.retain(|component| named(component).is_some_and(|it| compiled.contains(&it)));
        kept.extend(components.iter().filter_map(|it| Some(it["bom-ref"].as_str()?.to_owned())));
    }
    let is_kept = |reference: &Value| reference.as_str().is_some_and(|reference| kept.contains(reference));
    if let Some(dependencies) = bom["dependencies"].as_array_mut() {
        dependencies.retain(|dependency| is_kept(&dependency["ref"]));
        for dependency in dependencies {
            if let Some(on) = dependency.get_mut("dependsOn").and_then(Value::as_array_mut) {
                on.retain(is_kept);
            }
        }
    }
    if let Some(object) = bom.as_object_mut() {
        // Chance, or a time: two lists of one commit are the same.
        object.remove("serialNumber");
    }
    each_text(bom, &mut |text| without_path(text, root));
}

/// `path+file:///…/crates/auth-core#0.1.0` becomes `crates/auth-core#0.1.0`; a package URL loses its place on this machine.
fn without_path(text: &mut String, root: &Path) {
    if let Some(at) = text.find("?download_url=file:") {
        let end = text[at..].find('#').map_or(text.len(), |end| at + end);
        text.replace_range(at..end, "");
    }
    let root = root.display();
    for prefix in [format!("path+file://{root}/"), format!("file://{root}/"), format!("{root}/")] {
        *text = text.replace(&prefix, "");
    }
}

fn each_text(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(all) => all.iter_mut().for_each(|one| each_text(one, change)),
        Value::Object(all) => all.values_mut().for_each(|one| each_text(one, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_compiled_in_is_left_out_with_its_edges_and_no_path_stays() {
        let reference = |name: &str| format!("path+file:///x/y/crates/{name}#0.1.0");
        let mut bom = json!({
            "serialNumber": "urn:uuid:1",
            "metadata": { "component": { "bom-ref": reference("app") } },
            "components": [
                { "name": "a", "version": "1", "bom-ref": reference("a"),
                  "purl": "pkg:cargo/a@1?download_url=file:///x/y/crates/a#src/lib.rs" },
                { "name": "dev", "version": "1", "bom-ref": "dev" },
            ],
            "dependencies": [
                { "ref": reference("app"), "dependsOn": [reference("a"), "dev"] },
                { "ref": "dev", "dependsOn": [] },
            ],
        });
        let compiled: Crates = [("a".to_owned(), "1".to_owned())].into();
        tidy(&mut bom, Path::new("/x/y"), &compiled);
        assert_eq!(components(&bom), compiled);
        assert_eq!(bom["components"][0]["purl"], "pkg:cargo/a@1#src/lib.rs");
        assert_eq!(
            bom["dependencies"],
            json!([{ "ref": "crates/app#0.1.0", "dependsOn": ["crates/a#0.1.0"] }])
        );
        assert!(!bom.to_string().contains("/x/y") && bom.get("serialNumber").is_none());
    }

    #[test]
    fn what_is_for_no_target_is_not_compiled() {
        let checkout = Checkout(shell::root());
        let crates = checkout.compiled(&PRODUCTS[0]).unwrap();
        let has = |name: &str| crates.iter().any(|(other, _)| other == name);
        // For `cfg(any())` alone; for Windows alone.
        assert!(!has("jiff-static") && has("windows-link") && has("jiff"));
    }

    #[test]
    fn a_line_of_cargos_is_a_crate() {
        let crates = |line| crate_of_line(line).map(|(name, version)| format!("{name} {version}"));
        assert_eq!(crates("serde v1.0.229 (*)").as_deref(), Some("serde 1.0.229"));
        assert_eq!(crates("auth-core v0.1.0 (/x)").as_deref(), Some("auth-core 0.1.0"));
        assert_eq!(crates(""), None);
    }
}
