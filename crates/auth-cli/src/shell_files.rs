//! Completions and man pages, out of the command line itself. Only in builds for packagers: nobody who signs in needs it.

use crate::{args::Cli, output};
use clap::CommandFactory;
use clap_complete::{Shell, generate_to};
use std::{fs, io, path::Path, process::ExitCode};

/// The variable with the folder that they are written to.
pub(crate) const FOLDER: &str = "B2AUTH_SHELL_FILES";

/// Writes all of them: `completions` for five shells, `man` with a page for each command.
pub(crate) fn write(folder: &Path) -> ExitCode {
    match write_all(folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::note(format!("{}: {error}", folder.display()));
            ExitCode::FAILURE
        }
    }
}

fn write_all(folder: &Path) -> io::Result<()> {
    let mut command = Cli::command();
    // With all commands put together, which otherwise waits until one is called.
    command.build();
    let completions = folder.join("completions");
    fs::create_dir_all(&completions)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Elvish, Shell::PowerShell] {
        generate_to(shell, &mut command, "b2auth", &completions)?;
    }
    let man = folder.join("man");
    fs::create_dir_all(&man)?;
    // Not the one that is put together: it has a page for the help of each command, which each page is already.
    clap_mangen::generate_to(Cli::command(), man)
}
