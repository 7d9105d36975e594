//! Completions in the shells that read them, and the manual in the programs that show it.

use std::ffi::OsString;
use std::fs;

use auth_sandbox::{Limits, Sandbox};
use e2e::binary::b2auth;
use e2e::shell::{Call, Shell};

const EMAIL: &str = "plain@example.com";

/// A home with three profiles, in whose shells `b2auth` is a command.
fn home() -> (Sandbox, Shell) {
    let sandbox = Sandbox::builder().limits(Limits::off()).start().expect("the sandbox starts");
    let shell = Shell::at_sandbox(&sandbox);
    for profile in ["alpha", "alto", "beta"] {
        shell.sign_in(EMAIL, &format!("--limits off --profile {profile}")).run().exits(0);
    }
    for name in ["bash", "zsh", "fish", "elvish"] {
        let script = shell.b2auth(&format!("completions {name}")).run().exits(0);
        fs::write(shell.home().join(name), script.out).expect("the home folder can be written");
    }
    (sandbox, shell)
}

/// A shell that finds `b2auth`.
fn call(shell: &Shell, words: &[&str]) -> Call {
    let mut path = OsString::from(b2auth().parent().expect("a file is in a folder"));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let call = shell.program("timeout").env("PATH", path).arg("60");
    words.iter().fold(call, |call, word| call.arg(*word))
}

#[test]
fn bash_completes_commands_options_values_and_profiles() {
    let (_sandbox, shell) = home();
    let script = r#"
        source ./bash
        complete -p b2auth > /dev/null || exit 1
        ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _b2auth b2auth "${@: -1}" "${@: -2:1}"; echo "${COMPREPLY[*]}"; }
        ask b2auth sig
        ask b2auth status --prof
        ask b2auth signin --office ''
        ask b2auth status --profile al
        ask b2auth --profile b
        ask b2auth accounts --ho
        ask b2auth completions ''
    "#;
    let done = call(&shell, &["bash", "--norc", "-c", script]).run().exits(0);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(
        lines[..6],
        ["signin signout", "--profile", "front back", "alpha alto", "beta", ""],
        "{done:#?}"
    );
    assert!(lines[6].contains("bash elvish fish") && !lines[6].contains("profiles"), "{done:#?}");
}

#[test]
fn fish_completes_commands_options_values_and_profiles() {
    let (_sandbox, shell) = home();
    let ask = |words: &str| -> Vec<String> {
        let script = format!("source ./fish; complete -C '{words}'");
        let done = call(&shell, &["fish", "--no-config", "-c", &script]).run().exits(0);
        done.out.lines().filter_map(|line| line.split('\t').next().map(str::to_owned)).collect()
    };
    assert_eq!(ask("b2auth sig"), ["signin", "signout"]);
    assert_eq!(ask("b2auth status --profile al"), ["alpha", "alto"]);
    assert_eq!(ask("b2auth --profile=b"), ["--profile=beta"]);
    assert_eq!(ask("b2auth signin --office "), ["back", "front"]);
    assert_eq!(ask("b2auth accounts --ho"), [""; 0]);
}

#[test]
fn zsh_completes_commands_and_profiles() {
    let (_sandbox, shell) = home();
    fs::create_dir(shell.home().join("functions")).unwrap();
    fs::rename(shell.home().join("zsh"), shell.home().join("functions/_b2auth")).unwrap();
    let ask = |words: &str, expected: &str| {
        // Somebody types in a shell of its own, and presses the key twice.
        let script = format!(
            r#"
            zmodload zsh/zpty
            zpty z "PS1='> ' zsh -f -i"
            zpty -w z 'fpath=($HOME/functions $fpath); autoload -U compinit; compinit -D -u; bindkey "^I" complete-word; echo REA""DY'
            zpty -r z out '*READY*'
            zpty -w -n z $'{words}\t\t'
            zpty -r z out '*{expected}*'
            print -r -- "$out"
            "#
        );
        call(&shell, &["zsh", "-f", "-c", &script]).run().exits(0)
    };
    ask("b2auth status --profile al", "alto");
    ask("b2auth accounts --prof\\t\\C-ub2auth sig", "signout");
    ask("b2auth signin --office ", "front");
}

#[test]
fn elvish_completes_commands_and_options() {
    let (_sandbox, shell) = home();
    // Its completions are there on a terminal only, which `script` makes.
    let input = "eval (slurp < elvish)\n\
        $edit:completion:arg-completer[b2auth] b2auth '' | each {|c| echo CANDIDATE $c }\n\
        $edit:completion:arg-completer[b2auth] b2auth signin '' | each {|c| echo CANDIDATE $c }\nexit\n";
    let done = call(&shell, &["script", "-qc", "elvish -norc", "/dev/null"]).input(input).run();
    for candidate in ["signin", "completions", "--password-stdin"] {
        assert!(
            done.out.contains(&format!("CANDIDATE (edit:complex-candidate {candidate} ")),
            "{}",
            done.out
        );
    }
}

#[test]
fn completing_profiles_writes_nothing_and_says_nothing() {
    let shell = Shell::new();
    assert_eq!(shell.b2auth("accounts --profiles").run().exits(0).out, "");
    assert!(shell.files().is_empty());
    // A store that cannot be opened offers nothing.
    let (_sandbox, shell) = home();
    let script = "source ./bash; COMP_WORDS=(b2auth --profile ''); COMP_CWORD=2; _b2auth b2auth '' --profile; echo ${#COMPREPLY[@]}";
    let done =
        call(&shell, &["bash", "--norc", "-c", script]).env("B2AUTH_STORE_KEY", "wrong").run().exits(0);
    assert_eq!((done.line(), done.err.as_str()), ("0", ""));
}

#[test]
fn the_manual_is_one_that_groff_and_man_read() {
    let shell = Shell::new();
    shell.b2auth("man --folder pages").run().exits(0);
    let folder = shell.home().join("pages");
    let names: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|page| page.unwrap().file_name().into_string().unwrap()).collect();
    for name in ["b2auth.1", "b2auth-signin.1", "b2auth-qr-show.1", "b2auth-man.1"] {
        assert!(names.iter().any(|found| found == name), "{names:?}");
    }
    for name in &names {
        let groff = shell.program("groff").arg("-man").arg("-ww").arg("-z").arg(folder.join(name)).run();
        assert_eq!((groff.code, groff.err.as_str()), (0, ""), "{name}");
        let lexgrog = shell.program("lexgrog").arg(folder.join(name)).run().exits(0);
        assert!(lexgrog.out.contains(&format!("{} - ", name.trim_end_matches(".1"))), "{lexgrog:#?}");
    }
    let page = shell.b2auth("man signin").run().exits(0).out;
    assert_eq!(page.trim_end(), fs::read_to_string(folder.join("b2auth-signin.1")).unwrap().trim_end());
    assert!(page.contains("password") && !page.contains("refresh"), "{page}");
    shell.b2auth("man no-such").run().exits(2);
}
