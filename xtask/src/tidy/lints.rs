//! Every crate takes its lints from the workspace.

use super::finding::Finding;

/// Looks for `workspace = true` in the `[lints]` table of a manifest.
pub(crate) fn check(path: &str, manifest: &str) -> Option<Finding> {
    let mut table = String::new();
    for line in manifest.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        if line.starts_with('[') {
            table = line;
        } else if (table == "[lints]" && line == "workspace=true")
            || (table.is_empty() && line == "lints.workspace=true")
        {
            return None;
        }
    }
    Some(Finding::error(path, "does not inherit the lints of the workspace: [lints] workspace = true"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inherited_lints_pass() {
        assert_eq!(check("x", "[package]\nname = \"x\"\n\n[lints]\nworkspace = true # all\n"), None);
        assert_eq!(check("x", "lints.workspace = true\n[package]\n"), None);
    }

    #[test]
    fn missing_or_own_lints_are_found() {
        let own = [
            "[package]\nname = \"x\"\n",
            "[lints]\nworkspace = false\n",
            "[lints.rust]\nunsafe_code = \"allow\"\n",
            "[lints]\n# workspace = true\n",
            "[lints]\n[dependencies.a]\nworkspace = true\n",
        ];
        for manifest in own {
            assert!(check("crates/x/Cargo.toml", manifest).is_some(), "{manifest}");
        }
    }
}
