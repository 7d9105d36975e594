//! What a person reads when the host is not reached: who refused, and which variable is wrong.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::ffi::OsStringExt;

use auth_sandbox::Sandbox;
use e2e::shell::{Call, Shell};
use serde_json::Value;

const EMAIL: &str = "plain@example.com";

/// An address where nobody listens.
fn closed() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("test set-up");
    listener.local_addr().expect("test set-up").to_string()
}

fn error(call: Call) -> Value {
    call.run().exits(6).json()["error"].clone()
}

#[test]
fn a_refused_connection_names_who_refused_it() {
    let host = closed();
    let done = Shell::at(&format!("http://{host}")).sign_in(EMAIL, "").run().exits(6);
    let line = done.error_line();
    assert!(line.ends_with(&format!("(connection refused by {host})")), "{line}");
    assert!(!line.contains("os error"), "the rest is for who asks: {line}");
    let told = error(Shell::at(&format!("http://{host}")).sign_in(EMAIL, "--json"));
    let cause = told["cause"].as_str().unwrap();
    assert!(cause.starts_with("connection refused by ") && cause.contains("os error"), "{cause}");
    let asked = Shell::at(&format!("http://{host}")).sign_in(EMAIL, "-v").run().exits(6);
    assert!(asked.err.contains("caused by: "), "{asked:#?}");
}

#[test]
fn a_proxy_is_told_with_the_variable_that_names_it() {
    let proxy = closed();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        for scheme in ["http", "socks5h"] {
            let shell = Shell::at("https://broker.example");
            let call = shell.sign_in(EMAIL, "--json");
            let told = error(call.env(variable, format!("{scheme}://ann:hunter2@{proxy}")));
            let cause = told["cause"].as_str().unwrap();
            // What speaks SOCKS does not say why.
            let why = if scheme == "http" { "connection refused by" } else { "no connection to" };
            let expected = format!("{why} {proxy} (proxy from {variable})");
            assert!(cause.starts_with(&expected), "{scheme}: {cause}");
            assert!(!told.to_string().contains("hunter2"), "{told}");
        }
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_and_not_gone_around() {
    for bad in [
        "ftp://ann:hunter2@127.0.0.1:1",
        "http://ann:hunter2@127.0.0.1:99999",
        "socks9://127.0.0.1:1",
        "socks://ann:hunter2@127.0.0.1:1",
        "htp://ann:hunter2@127.0.0.1:1",
        "http://",
        "http://ann:hunter2@[bad",
    ] {
        for variable in ["HTTPS_PROXY", "all_proxy"] {
            let shell = Shell::at("https://broker.example");
            for call in [shell.sign_in(EMAIL, "--json"), shell.b2auth("pins --json")] {
                let told = error(call.env(variable, bad).env("NO_PROXY", "other.example"));
                assert_eq!(told["kind"], "unreachable");
                assert_eq!(told["cause"], format!("{variable} names no proxy that can be used"));
                assert!(!told.to_string().contains("hunter2"), "{told}");
            }
        }
    }
}

#[test]
fn a_proxy_that_is_no_text_is_named_and_not_gone_around() {
    let no_text = OsString::from_vec(b"http://127.0.0.1:1/\xff".to_vec());
    let told =
        error(Shell::at("https://broker.example").sign_in(EMAIL, "--json").env("HTTPS_PROXY", no_text));
    assert_eq!(told["cause"], "HTTPS_PROXY names no proxy that can be used");
}

#[test]
fn an_empty_variable_does_not_hide_the_next_one() {
    let proxy = closed();
    let shell = Shell::at("https://broker.example");
    for (empty, set) in
        [("HTTPS_PROXY", "https_proxy"), ("https_proxy", "ALL_PROXY"), ("ALL_PROXY", "all_proxy")]
    {
        let call = shell.sign_in(EMAIL, "--json").env(empty, "").env(set, format!("http://{proxy}"));
        let cause = error(call)["cause"].as_str().unwrap().to_owned();
        assert!(cause.starts_with(&format!("connection refused by {proxy} (proxy from {set})")), "{cause}");
    }
}

#[test]
fn localhost_is_this_machine_whatever_its_hosts_file_says() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at(&sandbox.url().replace("127.0.0.1", "localhost"));
    std::fs::write(shell.home().join("hosts"), "127.0.0.2 localhost\n").unwrap();
    // In a world of its own, as far as the files go.
    let own_files = "mount --bind hosts /etc/hosts && exec \"$@\"";
    let apart = |words: &[&str]| {
        let call = shell.program("unshare").arg("--map-root-user").arg("--mount").arg("sh").arg("-c");
        words.iter().fold(call.arg(own_files).arg("sh"), |call, word| call.arg(*word))
    };
    if apart(&["true"]).run().code != 0 {
        // Not every machine lets its users do that; a test of auth-http has a resolver in its place.
        return;
    }
    assert!(apart(&["getent", "ahosts", "localhost"]).run().out.starts_with("127.0.0.2"));
    let b2auth = e2e::binary::b2auth().to_str().unwrap();
    let signin = apart(&[b2auth, "signin", "--email", EMAIL, "--password-stdin"]);
    signin.input("Secret123\n").run().exits(0);
}

#[test]
fn plain_http_never_meets_a_proxy_that_cannot_be_used() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let call = shell.sign_in(EMAIL, "");
    call.env("HTTPS_PROXY", "ftp://x").env("ALL_PROXY", "ftp://x").run().exits(0);
}

#[test]
fn plain_http_where_https_was_asked_says_so() {
    let sandbox = Sandbox::start().unwrap();
    let told = error(Shell::at(&sandbox.url().replace("http:", "https:")).sign_in(EMAIL, "--json"));
    assert_eq!(told["kind"], "tls");
    let cause = told["cause"].as_str().unwrap();
    assert!(cause.contains("does not speak TLS; perhaps it answers in plain HTTP"), "{cause}");
}
