//! `cargo xtask tidy`: the rules of this repository that no other tool knows.
//!
//! One rule is one file. A rule is a function over text or over the list of files, without IO, so that each
//! can be shown what it must refuse; this file brings them their input and prints what they found.

mod circles;
mod core_tree;
mod crates;
mod document_paths;
mod edges;
mod file_length;
mod finding;
mod lints;
mod module_roots;
mod named_tests;
mod needles;
mod retired_names;
mod tree;

use std::path::Path;

use cargo_metadata::Metadata;

use self::finding::Severity;
use self::retired_names::RetiredNames;
use self::tree::Tree;
use crate::shell::{self, Failure, Verdict};
use crate::workspace;

/// Checks every rule and prints all findings at once.
pub(crate) fn run() -> Result<Verdict, Failure> {
    let root = shell::root();
    let tree = Tree::read(&root)?;
    let metadata = workspace::metadata()?;

    let mut findings = edges::check(&edges::read(&metadata));
    findings.extend(core_tree::check(&core_tree::read()?));
    for manifest in member_manifests(&metadata, &root) {
        findings.extend(tree.text(&manifest).and_then(|text| lints::check(&manifest, &text)));
    }
    for member in crates::read(&metadata, &root).iter().filter(|member| member.is_enforced()) {
        findings.extend(circles::report(&member.roots, |path| tree.text(path)).findings());
    }
    let (retired_names, problems) = RetiredNames::read();
    findings.extend(problems);
    for path in tree.files() {
        let Some(text) = tree.text(path) else { continue };
        findings.extend(document_paths::check(path, &text, &tree));
        findings.extend(named_tests::check(path, &text, &tree, |path| tree.text(path)));
        findings.extend(file_length::check(path, &text));
        findings.extend(needles::check(path, &text));
        findings.extend(retired_names.check(path, &text));
        if crates::is_enforced_source(path) {
            findings.extend(module_roots::check(path, &text));
        }
    }
    findings.sort();
    findings.dedup();

    for finding in &findings {
        println!("{finding}");
    }
    let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error).count();
    println!("tidy: {} files; errors: {errors}; warnings: {}", tree.files().len(), findings.len() - errors);
    Ok(if errors == 0 { Verdict::Passed } else { Verdict::Failed })
}

/// Prints, for each crate, every import that is part of a circle.
pub(crate) fn show_circles() -> Result<Verdict, Failure> {
    let root = shell::root();
    let tree = Tree::read(&root)?;
    let mut verdict = Verdict::Passed;
    for member in crates::read(&workspace::metadata()?, &root) {
        let report = circles::report(&member.roots, |path| tree.text(path));
        let enforced = if member.is_enforced() { "" } else { " (not enforced)" };
        println!("{}{enforced}: circles: {}", member.name, report.count());
        print!("{}", report.details());
        if member.is_enforced() && !report.findings().is_empty() {
            verdict = Verdict::Failed;
        }
    }
    Ok(verdict)
}

fn member_manifests(metadata: &Metadata, root: &Path) -> Vec<String> {
    let manifests = metadata.workspace_packages().into_iter().map(|package| &package.manifest_path);
    manifests.filter_map(|path| Some(path.strip_prefix(root).ok()?.to_string())).collect()
}
