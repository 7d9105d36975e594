//! The licences of all that is compiled in, with their texts.

use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::super::plan::Plan;
use super::super::record::write_at_once;
use super::super::runtime::{Component, Route};
use super::super::sbom::{self, Crates};
use super::Made;
use crate::licence_texts::{self, Product};
use crate::shell::Failure;
use crate::workspace;

/// How the command is linked.
pub(super) fn depends(_: &Plan) -> String {
    format!("{:?}", Route::of_one_file().tools().map_err(|failure| failure.to_string()))
}

/// The files: the name of the list of materials, the notices of its crates, and how it is linked.
fn files() -> [(&'static str, Product, Route); 4] {
    [
        ("b2auth", Product::Command, Route::of_one_file()),
        ("b2auth-debian", Product::Command, Route::Shared),
        ("b2core_auth", Product::Library, Route::Shared),
        ("b2core_auth_sandbox", Product::Sandbox, Route::Shared),
    ]
}

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let tool = licence_texts::tool()?;
    let tool = &tool;
    // Each is busy for a minute, with one processor.
    let of_crates: Vec<(Product, String)> = thread::scope(|scope| {
        let write = |product| scope.spawn(move || Ok((product, licence_texts::of_crates(tool, product)?)));
        let all = Product::ALL.map(write);
        all.into_iter()
            .map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect::<Result<_, Failure>>()
    })?;
    let own: Vec<String> = workspace::metadata()?.packages.iter().map(|it| it.name.to_string()).collect();
    for (name, product, route) in files() {
        let crates = of_crates.iter().find(|(other, _)| *other == product).map(|(_, text)| text.as_str());
        let runtime: String = route.components()?.iter().map(Component::notice).collect();
        let text = format!("{}{runtime}", crates.unwrap_or_default());
        let listed = sbom::crates_of(&plan.folder.join(format!("sbom/{name}.cdx.json")))?;
        if let Some((missing, version)) = unnamed(&listed, &own, &text) {
            return Err(Failure::new(format!("{name}: {missing} {version} is in no notices")));
        }
        write_at_once(&folder.join(format!("{name}.txt")), text.as_bytes())?;
    }
    Ok(Made::everything().with(vec![licence_texts::tool_version()]))
}

/// The first that is listed, is not ours, and has no line of its own.
fn unnamed<'a>(listed: &'a Crates, own: &[String], text: &str) -> Option<&'a (String, String)> {
    let named = |name: &str, version: &str| {
        let line = format!("{name} {version}");
        text.lines()
            .any(|it| it.strip_prefix(&line).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
    };
    listed.iter().find(|(name, version)| !own.contains(name) && !named(name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_has_a_line_of_its_own() {
        let text = "MIT\n\nserde 1.0.1 (https://x)\nserde_json 1.0.12\n";
        let crates = |all: &[(&str, &str)]| -> Crates {
            all.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect()
        };
        let own = ["auth-core".to_owned()];
        let all = crates(&[("auth-core", "0.1.0"), ("serde", "1.0.1"), ("serde_json", "1.0.12")]);
        assert_eq!(unnamed(&all, &own, text), None);
        for missing in [("serde_json", "1.0.1"), ("json", "1.0.12"), ("musl", "1")] {
            assert!(unnamed(&crates(&[missing]), &own, text).is_some(), "{missing:?}");
        }
    }
}
