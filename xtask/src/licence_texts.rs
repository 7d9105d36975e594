//! The texts of the licences of all that is compiled into a product: of crates by cargo-about, and of Rust's standard library.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo_tool::CargoTool;
use crate::shell::{self, Failure};

const ABOUT: CargoTool = CargoTool {
    name: "cargo-about",
    version: "0.9.3",
    line: "0.9.3",
    verb: None,
    arguments: &["--features", "cli"],
};

/// What has notices of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    /// The command.
    Command,
    /// The library for apps, in both flavours.
    Library,
    /// The library with the host for apps' tests.
    Sandbox,
}

impl Product {
    pub(crate) const ALL: [Self; 3] = [Self::Command, Self::Library, Self::Sandbox];

    /// The name of the product, and of its file without the ending.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Command => "b2auth",
            Self::Library => "b2core_auth",
            Self::Sandbox => "b2core_auth_sandbox",
        }
    }

    fn manifest(self) -> &'static str {
        match self {
            Self::Command => "crates/auth-cli/Cargo.toml",
            Self::Library => "crates/auth-ffi/Cargo.toml",
            Self::Sandbox => "crates/auth-sandbox-ffi/Cargo.toml",
        }
    }
}

/// Finds what `of_crates` needs, or installs it. That takes minutes, once.
pub(crate) fn tool() -> Result<PathBuf, Failure> {
    ABOUT.find_or_install()
}

/// The version of that tool.
pub(crate) fn tool_version() -> String {
    format!("{} {}", ABOUT.name, ABOUT.version)
}

/// The notices of all crates in a product. It takes a minute.
pub(crate) fn of_crates(tool: &Path, product: Product) -> Result<String, Failure> {
    let fixed = ["about", "generate", "--locked", "--offline", "--fail", "-c", "about.toml", "-m"];
    let mut about = shell::command(tool, fixed);
    about.arg(product.manifest()).arg("about.hbs");
    shell::announce(&about);
    shell::output(&mut about)
}

/// A part of the notices: a heading, what it is about, and the text of its licence.
pub(crate) fn section(licence: &str, component: &str, text: &str) -> String {
    format!("\n{}\n{licence}\n\n{component}\n{}\n{}\n", "=".repeat(80), "-".repeat(80), text.trim())
}

/// What there is to say of Rust's standard library, as the project's own toolchain has it, with the crates that are compiled into it.
pub(crate) fn standard_library() -> Result<String, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let root = shell::output(&mut shell::command(rustc, ["--print", "sysroot"]))?;
    let path = Path::new(root.trim()).join("share/doc/rust/COPYRIGHT-library.html");
    let html =
        fs::read_to_string(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
    Ok(without_tags(&html))
}

/// The same as a part of the notices.
pub(crate) fn standard_library_section() -> Result<String, Failure> {
    let component = format!("rust-std {}", standard_library_version()?);
    Ok(section("MIT OR Apache-2.0", &component, &standard_library()?))
}

/// The version of the project's own toolchain.
pub(crate) fn standard_library_version() -> Result<String, Failure> {
    let version = shell::rustc_version()?;
    let number = version.split_whitespace().nth(1).map(str::to_owned);
    number.ok_or_else(|| Failure::new(format!("`{version}` names no version")))
}

/// The text of a page.
fn without_tags(html: &str) -> String {
    let body = html.split_once("<body>").map_or(html, |(_, body)| body);
    let mut text = String::new();
    let mut in_tag = false;
    for c in body.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    for (entity, plain) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, plain);
    }
    // One empty line is enough.
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|one, other| one.trim().is_empty() && other.trim().is_empty());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_text() {
        let html = "<head><title>T</title></head><body>\n<h1>A &amp; B</h1>\n\n\n<p>x &lt;y@z&gt;</p></body>";
        assert_eq!(without_tags(html), "\nA & B\n\nx <y@z>");
    }

    #[test]
    fn the_standard_library_is_named_with_its_version_and_its_crates() {
        let text = standard_library_section().unwrap();
        assert!(text.contains(&format!("rust-std {}", standard_library_version().unwrap())));
        assert!(text.contains("hashbrown") && !text.contains("<p>"));
    }
}
