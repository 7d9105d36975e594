//! Where the release comes from: a statement about all its files, signed if there is a key.

use std::path::Path;

use super::super::key::Key;
use super::super::plan::Plan;
use super::super::record::{Record, write_at_once};
use super::super::statement::{self, Source};
use super::{ALL, Made, Step};
use crate::shell::{self, Failure, RELEASE_KEY};
use crate::sums;
use crate::tree;
use crate::workspace;

/// The files of this step: the statement alone, and the statement in a signed envelope.
pub(in super::super) const STATEMENT: &str = "provenance/provenance.intoto.json";
pub(in super::super) const ENVELOPE: &str = "provenance/provenance.dsse.json";

/// Who signs, and what other machines have built.
pub(super) fn depends(plan: &Plan) -> String {
    let inputs = plan.handed_over().map_err(|failure| failure.to_string());
    let signer = plan.key.as_ref().map_or_else(|| "unsigned".to_owned(), Key::id);
    format!("{signer} {inputs:?} {:?}", tools(plan))
}

/// What made each folder before this one, as it was noted.
fn tools(plan: &Plan) -> Vec<(&'static str, Vec<String>)> {
    let by = |step: &Step| Some((step.name, Record::read(&plan.record(step.name))?.tools));
    ALL.iter()
        .filter_map(by)
        .filter(|(name, _)| Path::new(STATEMENT).parent() != Some(Path::new(name)))
        .collect()
}

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let mut files = tree::Tree::new();
    for step in ALL {
        let of_step = tree::read(&plan.folder.join(step.name))?;
        files.extend(of_step.into_iter().map(|(name, sum)| (format!("{}/{name}", step.name), sum)));
    }
    files.retain(|name, _| name != STATEMENT && name != ENVELOPE);
    let repository = workspace::repository()?;
    let (rustc, handed_over) = (shell::rustc_version()?, plan.handed_over()?);
    let tools = tools(plan);
    let source = Source {
        repository: &repository,
        commit: &plan.commit,
        version: &plan.version,
        lock: &sums::of_file(&shell::root().join("Cargo.lock"))?,
        rustc: &rustc,
        tools: &tools,
        handed_over: &handed_over,
    };
    let statement = format!("{:#}\n", statement::of(&source, &files));
    let own = |name: &str| folder.join(Path::new(name).file_name().unwrap_or_default());
    write_at_once(&own(STATEMENT), statement.as_bytes())?;
    match &plan.key {
        Some(key) => {
            write_at_once(&own(ENVELOPE), format!("{:#}\n", statement::signed(&statement, key)).as_bytes())?;
            Ok(Made::everything())
        }
        None => Ok(Made::without(vec![format!("the signature: {RELEASE_KEY} names no key")])),
    }
}
