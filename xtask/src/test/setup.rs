//! The external programs that the tests compare our work with.

pub(crate) mod llvm;
pub(crate) mod npm;

use std::path::Path;

use crate::shell::{self, Failure};

/// One program the tests call.
#[derive(Debug)]
struct Tool {
    /// The command's name.
    program: &'static str,
    /// The Debian package that brings it.
    package: &'static str,
    /// What the tests do with it.
    used_for: &'static str,
}

/// All programs the tests call beside cargo.
const TOOLS: &[Tool] = &[
    Tool { program: "oathtool", package: "oathtool", used_for: "one-time codes from an independent source" },
    Tool { program: "zsh", package: "zsh", used_for: "`b2auth`'s completions in the shells that read them" },
    Tool { program: "fish", package: "fish", used_for: "the same" },
    Tool { program: "elvish", package: "elvish", used_for: "the same" },
    Tool { program: "groff", package: "groff-base", used_for: "`b2auth`'s manual as it is shown" },
    Tool { program: "lexgrog", package: "man-db", used_for: "the same, as its index reads it" },
    Tool { program: "curl", package: "curl", used_for: "requests with what `b2auth` prints for them" },
    Tool { program: "openssl", package: "openssl", used_for: "an independent check of signatures and keys" },
    Tool {
        program: "chromium",
        package: "chromium",
        used_for: "the sandbox's sign-in page in a real browser",
    },
    Tool { program: "zbarimg", package: "zbar-tools", used_for: "reading QR codes from pictures" },
    Tool {
        program: "node",
        package: "nodejs",
        used_for: "the real server of the live channel, and the clients that web pages use",
    },
    Tool { program: "npm", package: "npm", used_for: "installing those" },
    Tool {
        program: "redis-server",
        package: "redis-server",
        used_for: "sessions in Redis, and what that server listens to",
    },
    Tool {
        program: "gnome-keyring-daemon",
        package: "gnome-keyring",
        used_for: "a real keyring for the store in it",
    },
    Tool { program: "dbus-daemon", package: "dbus-daemon", used_for: "the bus that it is on" },
    Tool {
        program: "secret-tool",
        package: "libsecret-tools",
        used_for: "that keyring as other programs see it",
    },
];

/// Makes sure that every tool and package is there; installs it where that can be done without a question.
pub(crate) fn run() -> Result<(), Failure> {
    tools()?;
    npm::install()
}

fn tools() -> Result<(), Failure> {
    let missing = missing(TOOLS, on_path);
    if missing.is_empty() {
        return Ok(());
    }
    let Some(become_root) = way_to_install() else { return Err(advice(&missing)) };
    install(&become_root, &missing)
        .map_err(|cause| Failure::new(format!("{cause}; {}", advice(&missing))))?;

    let missing = self::missing(TOOLS, on_path);
    if missing.is_empty() { Ok(()) } else { Err(advice(&missing)) }
}

fn missing(tools: &[Tool], is_there: impl Fn(&str) -> bool) -> Vec<&Tool> {
    tools.iter().filter(|tool| !is_there(tool.program)).collect()
}

fn on_path(program: &str) -> bool {
    shell::find(program).is_some()
}

/// What to put before a command so that it runs as root, or nothing if apt-get cannot be used here.
pub(crate) fn way_to_install() -> Option<Vec<&'static str>> {
    if !Path::new("/etc/debian_version").exists() || !on_path("apt-get") {
        return None;
    }
    let is_root = shell::output(&mut shell::command("id", ["-u"])).is_ok_and(|id| id.trim() == "0");
    if is_root {
        return Some(vec![]);
    }
    let sudo = ["sudo", "-n"];
    shell::succeeds(&mut shell::command(sudo[0], [sudo[1], "true"])).then(|| sudo.to_vec())
}

fn install(become_root: &[&str], tools: &[&Tool]) -> Result<(), Failure> {
    apt_install(become_root, &tools.iter().map(|tool| tool.package).collect::<Vec<_>>())
}

/// Tries with the package lists as they are, and fetches new ones only if that does not work.
pub(crate) fn apt_install(become_root: &[&str], packages: &[&str]) -> Result<(), Failure> {
    let apt_get = |args: &[&str]| {
        let words = [become_root, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], args].concat();
        shell::run(&mut shell::command(words[0], &words[1..]))
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    apt_get(&install).or_else(|_| {
        apt_get(&["update"])?;
        apt_get(&install)
    })
}

fn advice(missing: &[&Tool]) -> Failure {
    let wanted: Vec<_> =
        missing.iter().map(|tool| format!("`{}` ({})", tool.program, tool.used_for)).collect();
    let packages: Vec<_> = missing.iter().map(|tool| tool.package).collect();
    Failure::new(format!(
        "the tests need {}: on Debian or Ubuntu `apt-get install {}`, elsewhere from the system's package manager",
        wanted.join(" and "),
        packages.join(" "),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_missing() {
        let missing = missing(TOOLS, |program| program != "oathtool");
        assert_eq!(missing.iter().map(|tool| tool.program).collect::<Vec<_>>(), ["oathtool"]);
        assert!(self::missing(TOOLS, |_| true).is_empty());
    }

    #[test]
    fn the_advice_is_one_line_with_program_purpose_and_package() {
        let advice = advice(&missing(TOOLS, |_| false)).to_string();
        assert!(!advice.contains('\n'), "{advice}");
        for tool in TOOLS {
            assert!(advice.contains(tool.program) && advice.contains(tool.used_for), "{advice}");
        }
        let packages: Vec<_> = TOOLS.iter().map(|tool| tool.package).collect();
        assert!(advice.contains(&format!("apt-get install {}", packages.join(" "))), "{advice}");
        assert!(packages.contains(&"zbar-tools"), "a package need not be called as its program is");
    }

    #[test]
    fn a_program_is_found_by_its_name_alone() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program"));
    }
}
