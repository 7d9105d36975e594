//! The command line: what is wrong with a call, where options may stand, and where they may come from.

use std::fs;

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::raw_host::{Answer, RawHost, page, wizard};
use e2e::shell::Shell;

const EMAIL: &str = "plain@example.com";

/// A wrong call: exit 2, one line, and with `--json` the object. Nothing is written anywhere.
#[track_caller]
fn wrong_call(shell: &Shell, words: &str) {
    for form in Form::BOTH {
        let done = form.of(shell.b2auth(words)).run();
        expect::error(form, &done, 2, "usage");
    }
    assert!(shell.files().is_empty());
}

#[test]
fn a_missing_host() {
    for words in ["status", "token", "refresh", "signout", "signin", "signin --resume"] {
        wrong_call(&Shell::new(), words);
        wrong_call(&Shell::at(""), words);
    }
    expect::error(Form::Json, &Shell::new().b2auth("--json run -- true").run(), 2, "usage");
    let done = Shell::new().b2auth("status").run();
    assert!(done.err.contains("--host") && done.err.contains("B2AUTH_HOST"), "{done:#?}");
}

#[test]
fn a_bad_host() {
    for host in [
        "https:broker.example",
        "ftp://broker.example",
        "https://",
        "https://user:secret@broker.example",
        "https://broker.example?x=1",
        "https://broker.example#x",
        "https://broker.example:0",
        "https://broker.example:99999",
        "https://broker.example/a/../b",
        "https://bad_host_.example.-",
    ] {
        wrong_call(&Shell::at(host), "status");
    }
    // As people copy it: without a scheme, and with the path of the documents.
    for host in ["broker.example", "https://broker.example/api/v2", "bröker.example"] {
        Shell::at(host).b2auth("status").run().exits(3);
    }
    let done = Shell::at("https://user:secret@broker.example").b2auth("status").run();
    assert!(!done.err.contains("secret"), "{done:#?}");
}

#[test]
fn plain_http_to_another_machine() {
    for host in ["http://broker.example", "http://192.0.2.1", "http://localhost.example", "http://0.0.0.0:80"]
    {
        wrong_call(&Shell::at(host), "status");
    }
    assert!(Shell::at("http://broker.example").b2auth("status").run().err.contains("https"));
    for host in ["http://127.0.0.1:9", "http://127.1.2.3:9", "http://localhost:9", "http://[::1]:9"] {
        Shell::at(host).b2auth("status").run().exits(3);
    }
}

#[test]
fn words_that_are_not_known() {
    let shell = Shell::at("http://127.0.0.1:9");
    for words in [
        "status --bogus",
        "--bogus",
        "frobnicate",
        "status extra",
        "signin --method carrier-pigeon",
        "status --office middle",
        "status --store floppy:a",
        "status --timeout 0",
        "status --timeout soon",
        "status --limits sign_in=many",
        "status --refresh-limit many",
        "token --min-ttl soon",
        "refresh extra",
        "run",
        "signout --some",
        "sandbox --refresh-grace soon",
        "signin --code",
        "sandbox --access-lifetime 0",
        "sandbox --refresh-lifetime soon",
        "sandbox --accounts 70000",
        "sandbox --dialect klingon",
        "sandbox --no-qr --qr-location Limassol",
        "sandbox --dialect no_token=maybe",
        "sandbox --listen nowhere",
        "sandbox --users no-such-file.toml",
        "status --ca-file no-such-file.pem",
    ] {
        wrong_call(&shell, words);
    }
}

#[test]
fn a_password_is_never_an_argument() {
    let shell = Shell::at("http://127.0.0.1:9");
    for words in ["signin --password Secret123", "signin --password=Secret123"] {
        let done = shell.b2auth(words).run();
        expect::error(Form::Text, &done, 2, "usage");
        assert!(!done.err.contains("Secret123"), "{done:#?}");
    }
}

#[test]
fn no_command() {
    wrong_call(&Shell::new(), "");
    wrong_call(&Shell::at("http://127.0.0.1:9"), "-v");
}

#[test]
fn a_password_that_was_announced_and_did_not_come() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    for input in ["", "\n"] {
        let done =
            shell.b2auth(&format!("signin --json --email {EMAIL} --password-stdin")).input(input).run();
        expect::error(Form::Json, &done, 2, "usage");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn both_passwords_come_on_two_lines() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let done = shell
        .b2auth("signin --email reset@example.com --password-stdin --new-password-stdin")
        .input("Secret123\nNewSecret456\n")
        .run();
    expect::needs(Form::Text, &done, "reset_code", &[]);
}

#[test]
fn an_option_that_does_nothing_is_refused_and_not_in_the_command_s_help() {
    let shell = Shell::new();
    for (command, option, value) in [
        ("accounts", "--host", "https://broker.example"),
        ("accounts", "--profile", "p"),
        ("status", "--limits", "off"),
        ("signout", "--refresh-limit", "5"),
        ("signin", "--refresh-limit", "5"),
        ("sandbox", "--host", "https://broker.example"),
        ("sandbox", "--store", "file:s"),
        ("sandbox", "--timeout", "5"),
        ("demo", "--ca-file", "f"),
        ("demo", "--json", ""),
    ] {
        for words in [format!("{option} {value} {command}"), format!("{command} {option} {value}")] {
            let done = shell.b2auth(&words).run().exits(2);
            assert!(
                done.err.contains(&format!("The command {command} does nothing with {option}.")),
                "{done:#?}"
            );
        }
        let help = shell.b2auth(&format!("{command} --help")).run().exits(0).out;
        assert!(!help.contains(&format!("{option} ")), "{help}");
    }
    // A variable is set for all commands.
    let shell = Shell::at("https://broker.example").with("B2AUTH_LIMITS", "off").with("B2AUTH_PROFILE", "p");
    shell.b2auth("accounts").run().exits(0);
    shell.b2auth("status").run().exits(3);
    assert!(shell.files().is_empty());
}

#[test]
fn help_has_headings_by_kind() {
    let shell = Shell::new();
    let help = shell.b2auth("signin --help").run().exits(0).out;
    let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{text}: {help}"));
    let headings = ["\nConnection:", "\nStorage:", "\nInput and output:", "\nSecrets:"].map(at);
    assert!(headings.is_sorted(), "{help}");
    for (option, heading) in
        [("--host", 0), ("--ca-file", 0), ("--store", 1), ("--json", 2), ("--password-stdin", 3)]
    {
        let next = headings.get(heading + 1).copied().unwrap_or(help.len());
        assert!(help[headings[heading]..next].contains(option), "{option}: {help}");
    }
}

#[test]
fn a_wrong_call_is_told_the_nearest_right_form() {
    let shell = Shell::new();
    for (words, form) in [
        ("login", "write b2auth signin;"),
        ("logout", "write b2auth signout;"),
        ("whoami", "write b2auth status;"),
        ("signin ann@example.com", "write b2auth signin --email ann@example.com;"),
        ("signin --username ann", "write --email E;"),
        ("signin --pasword-stdin", "'--password-stdin'"),
        ("signin --method totp", "write --method google;"),
        ("status broker.example", "write b2auth status --host broker.example;"),
        ("status --store /srv/session", "write file:/srv/session;"),
        ("status --office staff", "write --office back;"),
        ("run curl -s x", "write b2auth run -- curl …;"),
        ("qr approve", "not provided: <TEXT|--image <F>>; see b2auth qr approve --help"),
        ("sandbox --bogus", "see b2auth sandbox --help"),
    ] {
        let done = shell.b2auth(words).run().exits(2);
        assert!(done.error_line().contains(form), "{form}: {done:#?}");
    }
}

#[test]
fn an_empty_name_of_a_certificate_file_is_a_wrong_call_that_says_so() {
    for words in ["status", "accounts", "sandbox"] {
        let shell = Shell::at("https://broker.example").with("B2AUTH_CA_FILE", "");
        let done = shell.b2auth(words).run().exits(2);
        assert!(done.error_line().contains("--ca-file") && done.err.contains("variable"), "{done:#?}");
    }
}

#[test]
fn help_and_version() {
    let shell = Shell::new();
    let version = shell.b2auth("--version").run().exits(0);
    assert!(version.line().starts_with("b2auth "), "{version:#?}");
    for words in ["--help", "-h", "help", "signin --help", "help signin", "sandbox --help", "demo --help"] {
        let help = shell.b2auth(words).run().exits(0);
        assert!(help.out.contains("Usage: b2auth") && help.err.is_empty(), "{help:#?}");
    }
    let help = shell.b2auth("--help").run().out;
    for word in
        ["signin", "token", "status", "signout", "sandbox", "demo", "--host", "B2AUTH_HOST", "Exit codes"]
    {
        assert!(help.contains(word), "{word}");
    }
    for variable in ["B2AUTH_OFFICE", "B2AUTH_PROFILE", "B2AUTH_STORE", "B2AUTH_STORE_KEY"] {
        assert!(help.contains(variable), "{variable}");
    }
    assert!(!shell.b2auth("signin --help").run().out.contains("--password "));
}

#[test]
fn global_options_stand_before_and_after_the_command() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::new();
    let host = sandbox.url();
    for words in [
        format!("--host {host} --office front --profile p --timeout 9 --json -v --no-input status"),
        format!("status --host {host} --office front --profile p --timeout 9 --json -v --no-input"),
        format!("--json --host {host} status --profile p"),
    ] {
        assert_eq!(shell.b2auth(&words).run().exits(3).json()["signed_in"], false, "{words}");
    }
}

#[test]
fn an_option_goes_before_a_variable() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at("https://broker.example").with("B2AUTH_OFFICE", "back").with("B2AUTH_PROFILE", "p");
    let words = format!("--host {} --office front --profile q", sandbox.url());
    shell.sign_in(EMAIL, &words).run().exits(0);
    let server_message = shell.b2auth(&format!("status --json {words}")).run().exits(0).json();
    assert_eq!(
        (server_message["office"].as_str(), server_message["profile"].as_str()),
        (Some("front"), Some("q"))
    );
}

#[test]
fn a_slash_at_the_end_and_a_base_path() {
    let sandbox = Sandbox::builder().base_path("/broker/eu").start().unwrap();
    for end in ["", "/"] {
        let shell = Shell::at(&format!("{}{end}", sandbox.url()));
        shell.sign_in(EMAIL, "").run().exits(0);
        shell.b2auth("token").run().exits(0);
        shell.b2auth("signout").run().exits(0);
    }
    assert!(sandbox.requests().iter().all(|request| request.path.starts_with("/broker/eu/api/v2/")));
    let sandbox = Sandbox::start().unwrap();
    Shell::at(&format!("{}/", sandbox.url())).sign_in(EMAIL, "").run().exits(0);
    assert!(sandbox.requests().iter().all(|request| request.path.starts_with("/api/v2/")));
}

#[test]
fn verbose_speaks_on_standard_error_only() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let quiet = shell.sign_in(EMAIL, "").run().exits(0);
    let loud = shell.sign_in(EMAIL, "-vv").run().exits(0);
    assert_eq!((quiet.out, quiet.err.as_str()), (loud.out, ""));
    assert!(loud.err.contains("/api/v2/my/signin"), "{}", loud.err);
    // The id in the log is the one that the host saw.
    let id = sandbox.requests().pop().unwrap().correlation_id.unwrap();
    assert!(loud.err.contains(&id), "{id} is not in:\n{}", loud.err);
}

#[test]
fn an_error_names_the_request_it_came_from() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let call = shell.b2auth(&format!("signin --json --email {EMAIL} --password-stdin")).input("wrong\n");
    let error = expect::error(Form::Json, &call.run(), 4, "wrong_credentials");
    let last = sandbox.requests().pop().unwrap();
    assert_eq!(last.path, "/api/v2/my/signin");
    assert_eq!(error["correlation_id"].as_str(), last.correlation_id.as_deref());

    let host =
        RawHost::start(|request| if request.method == "GET" { wizard() } else { Answer::Bytes(page(502)) });
    let error =
        expect::error(Form::Json, &Shell::at(&host.url()).sign_in(EMAIL, "--json").run(), 7, "host_failed");
    let last = host.requests().pop().unwrap();
    assert_eq!(error["correlation_id"].as_str(), last.header("x-correlation-id"));
}

#[test]
fn the_language_of_the_host_s_texts_can_be_chosen() {
    let host = RawHost::start(|_| wizard());
    Shell::at(&host.url()).b2auth("signin --email a@example.com --language ja").run().exits(10);
    assert_eq!(host.requests().pop().unwrap().header("accept-language"), Some("ja"));
}

#[test]
fn a_reader_that_has_gone_away_is_no_panic() {
    let shell = Shell::new();
    let script = format!("'{}' --help | true", e2e::binary::b2auth().display());
    let done = shell.program("sh").arg("-c").arg(script).run().exits(0);
    assert!(!done.err.contains("panic"), "{done:#?}");
}

#[test]
fn a_broken_certificate_file_is_a_wrong_call() {
    let shell = Shell::at("https://broker.example");
    let file = shell.home().join("ca.pem");
    fs::write(&file, "not a certificate").unwrap();
    let done = shell.b2auth("status --json --ca-file").arg(file).run();
    expect::error(Form::Json, &done, 2, "usage");
}

#[test]
fn a_variable_with_a_secret_or_a_place_that_came_out_empty_is_a_wrong_call() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    for variable in ["B2AUTH_HOST", "B2AUTH_STORE", "B2AUTH_STORE_KEY", "B2AUTH_CA_FILE", "B2AUTH_QR_OPTION"]
    {
        for words in [
            "status",
            "accounts",
            "token",
            "refresh",
            "run -- true",
            "signout --all",
            "signin --email plain@example.com --password-stdin",
            "qr inspect x",
        ] {
            if variable == "B2AUTH_QR_OPTION" && !words.starts_with("qr") {
                continue;
            }
            let done = shell.b2auth(words).env(variable, "").input("Secret123\n").run();
            expect::error(Form::Text, &done, 2, "usage");
            assert!(done.err.contains(variable) || done.err.contains("--ca-file"), "{words}: {done:#?}");
        }
    }
    assert!(shell.files().is_empty(), "{:?}", shell.files());
    assert!(sandbox.requests().is_empty(), "{:#?}", sandbox.requests());
    // An option stands in the place of its variable.
    let store = shell.home().join("store");
    let call = shell.sign_in(EMAIL, "").env("B2AUTH_HOST", "").env("B2AUTH_STORE", "");
    call.arg("--host").arg(sandbox.url()).arg(format!("--store=file:{}", store.display())).run().exits(0);
    // And what uses neither host nor store does not look.
    shell.b2auth("completions bash").env("B2AUTH_STORE_KEY", "").run().exits(0);
}
