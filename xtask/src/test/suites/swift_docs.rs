//! The documentation of the Swift package: its catalogue and comments, converted by DocC, for which each warning is an error.

use std::path::Path;

use super::{Suite, swift};
use crate::shell::{self, Failure};
use crate::test::Counts;
use crate::workspace;

/// Converts it, if a Swift can be had.
pub(crate) fn run() -> Result<Suite, Failure> {
    let toolchain = match swift::toolchain() {
        Ok(toolchain) => toolchain,
        Err(reason) => return Ok(Suite::NotRun(reason)),
    };
    let target = workspace::target_folder()?;
    let scripts = shell::root().join("xtask/scripts");
    let (script, scratch, out) =
        (scripts.join("swift-docs.sh"), swift::scratch()?, target.join("swift-docs"));
    let words = [Path::new("bash"), &script, Path::new(&scratch), &out];
    let mut convert = swift::command(&toolchain, &[&scripts, &target], words);
    let converted = shell::run(&mut convert).inspect_err(|failure| eprintln!("error: {failure}")).is_ok();
    Ok(Suite::Ran(counts(converted)))
}

/// One test: there are warnings, or there are none.
fn counts(converted: bool) -> Counts {
    Counts { passed: converted.into(), failed: (!converted).into(), ..Counts::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversion_with_warnings_is_a_failure() {
        assert_eq!(counts(false).failed, 1);
        assert_eq!((counts(true).passed, counts(true).failed), (1, 0));
    }
}
