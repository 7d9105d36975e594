//! The commands that the documents show exist: each is a line of a shell block, with the verbs and options of the program that it calls.

use std::fs;

use clap::Parser;

use crate::Cli;
use crate::shell::{self, Failure, Verdict};
use crate::workspace;

/// The documents whose blocks are looked at.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/releasing.md",
    "bindings/kotlin/README.md",
    "bindings/swift/README.md",
    "crates/auth-cli/README.md",
    "crates/auth-sandbox/README.md",
];

/// Looks at all of them.
pub(super) fn run() -> Result<Verdict, Failure> {
    let b2auth = workspace::target_folder()?.join("debug/b2auth");
    let mut help =
        |words: &[&str]| shell::output(&mut shell::command(&b2auth, words.iter().chain(&["--help"])));
    let packages = packages()?;
    let (mut verdict, mut count) = (Verdict::Passed, 0);
    for document in DOCUMENTS {
        let text = fs::read_to_string(shell::root().join(document));
        let text = text.map_err(|cause| Failure::new(format!("{document}: {cause}")))?;
        for command in commands(&text) {
            count += 1;
            if let Some(problem) = problem(&command, &packages, &mut help)? {
                println!("{document}: `{}`: {problem}", command.join(" "));
                verdict = Verdict::Failed;
            }
        }
    }
    println!("{count} commands");
    Ok(if count == 0 { Verdict::Failed } else { verdict })
}

fn packages() -> Result<Vec<String>, Failure> {
    Ok(workspace::metadata()?.packages.iter().map(|package| package.name.to_string()).collect())
}

/// The commands of the blocks that are marked as `sh`, word by word. One line may have several.
fn commands(text: &str) -> Vec<Vec<String>> {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).map(|line| line.split(" #").next().unwrap_or_default());
    let parts = lines.flat_map(|line| line.split(['|', ';', '(', ')']).flat_map(|part| part.split("&&")));
    let words = |part: &str| -> Vec<String> {
        let words = part.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned());
        // Variables that are set for the command.
        words.skip_while(|word| word.contains('=') && !word.starts_with('-')).collect()
    };
    parts.map(words).filter(|words| !words.is_empty()).collect()
}

/// Why a command would not run; nothing if it would, or if its program is none of ours.
fn problem(
    command: &[String],
    packages: &[String],
    help: &mut impl FnMut(&[&str]) -> Result<String, Failure>,
) -> Result<Option<String>, Failure> {
    let words: Vec<_> = command.iter().map(String::as_str).collect();
    Ok(match words.as_slice() {
        ["cargo", "xtask", rest @ ..] => {
            let words = std::iter::once("xtask").chain(rest.iter().copied());
            Cli::try_parse_from(words)
                .err()
                .map(|error| error.to_string().lines().next().unwrap_or_default().into())
        }
        ["b2auth", rest @ ..] => unknown_words(rest, help)?,
        ["cargo", ..] => {
            let named = words.windows(2).filter(|pair| pair[0] == "-p").map(|pair| pair[1]);
            let unknown = named.into_iter().find(|name| !packages.iter().any(|package| package == name));
            if let Some(unknown) = unknown {
                return Ok(Some(format!("there is no package {unknown}")));
            }
            match words.iter().position(|word| *word == "--") {
                Some(at) if words.contains(&"auth-cli") => unknown_words(&words[at + 1..], help)?,
                _ => None,
            }
        }
        _ => None,
    })
}

/// The first verb or option that the program's help does not know.
fn unknown_words(
    words: &[&str],
    help: &mut impl FnMut(&[&str]) -> Result<String, Failure>,
) -> Result<Option<String>, Failure> {
    let mut known = help(&[])?;
    let mut verbs = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if *word == "--" {
            break;
        }
        // `--host <URL>` in a help takes a value, `--json` does not.
        let has_value =
            at > 0 && words[at - 1].starts_with("--") && known.contains(&format!("{} <", words[at - 1]));
        let option = word.split('=').next().unwrap_or(word);
        if option.starts_with('-') {
            if !known.split([' ', ',', '\n', '[', ']']).any(|known| known == option) {
                return Ok(Some(format!("there is no option {option}")));
            }
        } else if !has_value && verbs.len() < 2 && is_verb(word, &known) {
            verbs.push(*word);
            known += &help(&verbs)?;
        } else if verbs.is_empty() && !has_value {
            return Ok(Some(format!("there is no command {word}")));
        }
    }
    Ok(None)
}

/// Whether the list of commands in a help has it.
fn is_verb(word: &str, help: &str) -> bool {
    help.lines().any(|line| line.starts_with("  ") && line.split_whitespace().next() == Some(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "```sh\nA=1 b2auth signin --email a@b   # words\nexport X=$(cat f)\n```\n```rust\nb2auth no\n```\n";

    fn help(words: &[&str]) -> Result<String, Failure> {
        Ok(match words {
            [] => "Commands:\n  signin  Sign in\n\nOptions:\n      --host <URL>\n      --json  Print JSON\n  -v, --verbose...\n"
                .to_owned(),
            _ => "Options:\n      --email <E>\n".to_owned(),
        })
    }

    fn found(line: &str) -> Option<String> {
        let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
        problem(&words, &["auth-cli".to_owned()], &mut help).unwrap()
    }

    #[test]
    fn commands_are_those_of_shell_blocks_without_variables_and_comments() {
        let all = commands(TEXT);
        assert_eq!(all[0], ["b2auth", "signin", "--email", "a@b"]);
        assert!(all.iter().all(|command| !command.contains(&"no".to_owned())));
    }

    #[test]
    fn unknown_verbs_options_and_packages_are_found() {
        for good in [
            "b2auth --host http://x --json signin --email a@b",
            "cargo run -q -p auth-cli -- signin",
            "cargo xtask test",
            "ls --no-such",
        ] {
            assert_eq!(found(good), None, "{good}");
        }
        for bad in [
            "b2auth signing",
            "b2auth signin --mail a",
            "cargo build -p auth-no",
            "cargo run -p auth-cli -- sign",
            "cargo xtask tests",
        ] {
            assert!(found(bad).is_some(), "{bad}");
        }
    }
}
