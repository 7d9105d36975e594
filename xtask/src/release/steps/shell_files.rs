//! Completions for five shells, and the man pages, written by `b2auth` from its own command line.

use std::path::Path;

use super::super::plan::Plan;
use super::Made;
use super::b2auth;
use crate::shell::{self, Failure};
use crate::tree;

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let program = b2auth::build(plan, &["--features", "shell-files"], &[])?;
    shell::run(shell::command(program, [""; 0]).env("B2AUTH_SHELL_FILES", folder))?;
    check(&tree::read(folder)?)?;
    Ok(Made::everything().with(vec![shell::rustc_version()?]))
}

/// The completions of each shell, by the names that it looks for.
const COMPLETIONS: [&str; 5] = ["b2auth.bash", "_b2auth", "b2auth.fish", "b2auth.elv", "_b2auth.ps1"];

/// All of them are there, and the pages of the command and of its commands.
fn check(files: &tree::Tree) -> Result<(), Failure> {
    let missing = COMPLETIONS.iter().find(|name| !files.contains_key(&format!("completions/{name}")));
    if let Some(name) = missing {
        return Err(Failure::new(format!("b2auth has written no completions/{name}")));
    }
    let pages: Vec<_> =
        files.keys().filter(|name| name.starts_with("man/") && name.ends_with(".1")).collect();
    if !files.contains_key("man/b2auth.1") || pages.len() < 2 {
        return Err(Failure::new(format!("b2auth has written only these pages: {pages:?}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_completion_or_page_is_found() {
        let pages = ["man/b2auth.1".to_owned(), "man/b2auth-login.1".to_owned()];
        let all = COMPLETIONS.iter().map(|name| format!("completions/{name}")).chain(pages);
        let all: tree::Tree = all.map(|name| (name, String::new())).collect();
        assert!(check(&all).is_ok());
        for name in all.keys() {
            let less: tree::Tree = all.clone().into_iter().filter(|(other, _)| other != name).collect();
            assert!(check(&less).is_err(), "{name}");
        }
    }
}
