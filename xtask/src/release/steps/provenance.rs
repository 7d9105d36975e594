//! Where the release comes from: a statement about all its files, signed if there is a key.

use std::path::Path;

use super::super::key::Key;
use super::super::plan::Plan;
use super::super::record::write_at_once;
use super::super::statement::{self, Source};
use super::{ALL, Made};
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
    format!("{signer} {inputs:?}")
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
    let source = Source {
        repository: &repository,
        commit: &plan.commit,
        version: &plan.version,
        lock: &sums::of_file(&shell::root().join("Cargo.lock"))?,
        rustc: &rustc,
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
        None => Ok(Made { missing: vec![format!("the signature: {RELEASE_KEY} names no key")] }),
    }
}
