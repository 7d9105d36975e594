//! `b2auth completions`: a script for each shell, out of the command line itself, that asks the store for its profiles.

use crate::{
    args::{Completed, Completions},
    call,
    failure::Failure,
    output,
};
use clap_complete::{Shell, generate};
use std::process::ExitCode;

pub(crate) fn run(args: &Completions) -> Result<ExitCode, Failure> {
    let text = match args.shell {
        Completed::Bash => bash(&script(Shell::Bash)),
        Completed::Zsh => zsh(&script(Shell::Zsh)),
        Completed::Fish => fish(&script(Shell::Fish)),
        // These complete options, but none of their values.
        Completed::Elvish => script(Shell::Elvish),
        Completed::PowerShell => script(Shell::PowerShell),
    };
    output::raw(text.trim_end()).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

/// What a shell reads, as it is generated.
fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    generate(shell, &mut call::as_shown(), "b2auth", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// What prints the profiles, in every one of these shells. Their names have no character that means something to a shell.
const ASK: &str = "b2auth accounts --profiles 2>/dev/null";

fn bash(script: &str) -> String {
    let mut of_profile = false;
    let lines = script.lines().map(|line| {
        let files = std::mem::replace(&mut of_profile, line.trim() == "--profile)");
        match files {
            true => {
                line.replace("compgen -f \"${cur}\"", &format!("compgen -W \"$({ASK})\" -- \"${{cur}}\""))
            }
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn zsh(script: &str) -> String {
    let lines = script.lines().map(|line| match line.trim_start().starts_with("'--profile=") {
        true => line.replace(":NAME:_default", ":NAME:_b2auth_profiles"),
        false => line.to_owned(),
    });
    let lines: Vec<String> = lines.collect();
    let function = format!("_b2auth_profiles() {{\n    compadd -- ${{(f)\"$({ASK})\"}}\n}}\n");
    let start = "if [ \"$funcstack[1]\" = \"_b2auth\" ]";
    lines.join("\n").replace(start, &format!("{function}\n{start}"))
}

fn fish(script: &str) -> String {
    let lines = script.lines().map(|line| match line.contains(" -l profile ") {
        true => format!("{line} -f -a '({ASK})'"),
        false => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So often the script has the option, and so often it asks for its values.
    #[test]
    fn every_profile_option_asks_the_store() {
        for (script, option, asked) in [
            (bash(&script(Shell::Bash)), "--profile)\n", ASK),
            (zsh(&script(Shell::Zsh)), "'--profile=[", ":NAME:_b2auth_profiles"),
            (fish(&script(Shell::Fish)), " -l profile ", ASK),
        ] {
            let count = |text: &str| script.matches(text).count();
            assert!(count(option) > 5, "{script}");
            assert_eq!(count(option), count(asked), "{script}");
        }
    }
}
