//! Completions for five shells, and the man pages, as `b2auth completions` and `b2auth man` give them.

use std::fs;
use std::path::Path;

use super::super::plan::Plan;
use super::Made;
use super::b2auth;
use crate::shell::{self, Failure};
use crate::tree;

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let program = b2auth::build(plan, &[], &[])?;
    let completions = folder.join("completions");
    fs::create_dir_all(&completions)
        .map_err(|cause| Failure::new(format!("{}: {cause}", completions.display())))?;
    for (shell, name) in COMPLETIONS {
        let text = shell::output(&mut shell::command(&program, ["completions", shell]))?;
        let file = completions.join(name);
        fs::write(&file, text).map_err(|cause| Failure::new(format!("{}: {cause}", file.display())))?;
    }
    let man = folder.join("man");
    shell::run(shell::command(&program, ["man", "--folder"]).arg(&man))?;
    check(&tree::read(folder)?)?;
    Ok(Made::everything().with(vec![shell::rustc_version()?]))
}

/// The shells, and the names that each looks for.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "b2auth.bash"),
    ("zsh", "_b2auth"),
    ("fish", "b2auth.fish"),
    ("elvish", "b2auth.elv"),
    ("powershell", "_b2auth.ps1"),
];

/// All of them are there, and the pages of the command and of its commands.
fn check(files: &tree::Tree) -> Result<(), Failure> {
    let missing = COMPLETIONS.iter().find(|(_, name)| !files.contains_key(&format!("completions/{name}")));
    if let Some((_, name)) = missing {
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
        let all = COMPLETIONS.iter().map(|(_, name)| format!("completions/{name}")).chain(pages);
        let all: tree::Tree = all.map(|name| (name, String::new())).collect();
        assert!(check(&all).is_ok());
        for name in all.keys() {
            let less: tree::Tree = all.clone().into_iter().filter(|(other, _)| other != name).collect();
            assert!(check(&less).is_err(), "{name}");
        }
    }
}
