//! `b2auth man`: the manual, out of the command line itself.

use crate::{args::Man, call, failure::Failure, output};
use clap::Command;
use clap_mangen::{Man as Page, generate_to};
use std::{fs, io, path::Path, process::ExitCode};

pub(crate) fn run(args: &Man) -> Result<ExitCode, Failure> {
    match &args.folder {
        Some(folder) => write_all(folder)
            .map_err(|why| Failure::usage(format!("--folder {}: {why}", folder.display())))?,
        None => output::raw(page(&args.command)?.trim_end()).map_err(Failure::output)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A page for each command, as `man` looks for them.
fn write_all(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // Not the one that is put together: it has a page for the help of each command, which each page is already.
    generate_to(call::as_shown(), folder)
}

fn page(words: &[String]) -> Result<String, Failure> {
    let mut command = call::as_shown();
    command.build();
    let found = words.iter().try_fold(&command, |found, word| found.find_subcommand(word));
    let found: &Command =
        found.ok_or_else(|| Failure::usage(format!("there is no command {}", words.join(" "))))?;
    let mut text = Vec::new();
    let rendered = Page::new(found.clone()).render(&mut text);
    rendered.map_err(|why| Failure::other("runtime", why.to_string()))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
