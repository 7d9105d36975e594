//! `b2auth sandbox` over HTTPS with certificates that outlive it: a root that is kept, or a chain and key of somebody else's.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use e2e::expect::{self, Form};
use e2e::running::Running;
use e2e::shell::{Done, Shell};

const EMAIL: &str = "plain@example.com";

/// A certificate for this machine in `NAME.pem`, and its key in `NAME.key` for this user alone, made by openssl.
fn certificate(shell: &Shell, name: &str, days: &str) {
    let file = |end: &str| shell.home().join(format!("{name}.{end}"));
    let openssl = |words: &str| {
        let mut call = shell.program("openssl");
        for word in words.split(' ') {
            call = call.arg(word);
        }
        call
    };
    openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=broker -keyout")
        .arg(file("key"))
        .arg("-out")
        .arg(file("csr"))
        .run()
        .exits(0);
    fs::write(file("ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n").expect("test set-up");
    let signed = openssl(&format!("x509 -req -days {days} -in"));
    let signed = signed.arg(file("csr")).arg("-extfile").arg(file("ext")).arg("-signkey").arg(file("key"));
    signed.arg("-out").arg(file("pem")).run().exits(0);
    fs::set_permissions(file("key"), PermissionsExt::from_mode(0o600)).expect("test set-up");
}

fn mode(shell: &Shell, name: &str) -> u32 {
    fs::metadata(shell.home().join(name)).expect("it is there").permissions().mode() & 0o777
}

/// A sign-in by somebody who trusts the root in this file of the shell's home.
fn sign_in(shell: &Shell, running: &Running, root: &str) -> Done {
    let user = Shell::at(&running.url());
    user.sign_in(EMAIL, "--ca-file").arg(shell.home().join(root)).run()
}

#[test]
fn a_certificate_of_somebody_else_s_making_is_served() {
    let shell = Shell::new();
    certificate(&shell, "broker", "3");
    let running = Running::start(&shell, "--tls-cert broker.pem --tls-key broker.key");
    assert!(running.url().starts_with("https://127.0.0.1:"), "{}", running.url());
    sign_in(&shell, &running, "broker.pem").exits(0);
    Shell::at(&running.url()).sign_in(EMAIL, "").run().exits(6);
    let curl = shell.program("curl").arg("-s").arg("--cacert").arg("broker.pem");
    let page = curl.arg("-H").arg("Accept: text/html").arg(running.url()).run().exits(0);
    assert!(page.out.contains("<html"), "{page:#?}");
}

#[test]
fn a_root_that_is_kept_is_trusted_once() {
    let shell = Shell::new();
    let words = |out: &str| format!("--tls --ca-key root.key --ca-out {out}");
    let first = Running::start(&shell, &words("first.pem"));
    sign_in(&shell, &first, "first.pem").exits(0);
    assert_eq!(mode(&shell, "root.key"), 0o600);
    let kept = fs::read(shell.home().join("root.key")).unwrap();
    drop(first);
    let second = Running::start(&shell, &words("second.pem"));
    assert_eq!(fs::read(shell.home().join("root.key")).unwrap(), kept);
    sign_in(&shell, &second, "first.pem").exits(0);
    let told = fs::read_to_string(shell.home().join("second.pem")).unwrap();
    assert!(told.starts_with("-----BEGIN CERTIFICATE-----") && !told.contains("PRIVATE"), "{told}");
    // A root of another folder is another root.
    let third = Running::start(&shell, "--tls --ca-key other.key --ca-out third.pem");
    sign_in(&shell, &third, "first.pem").exits(6);
    sign_in(&shell, &third, "third.pem").exits(0);
}

#[test]
fn a_certificate_that_cannot_be_used_is_told() {
    let shell = Shell::new();
    certificate(&shell, "good", "3");
    certificate(&shell, "other", "3");
    certificate(&shell, "over", "-1");
    fs::write(shell.home().join("empty"), "").unwrap();
    for (chain, key, kind, told) in [
        ("good.pem", "other.key", "sandbox", "does not belong to the first certificate"),
        ("over.pem", "over.key", "sandbox", "has expired"),
        ("good.key", "good.key", "sandbox", "no certificate in PEM form"),
        ("empty", "good.key", "sandbox", "no certificate in PEM form"),
        ("missing.pem", "good.key", "usage", "--tls-cert missing.pem"),
        ("good.pem", "missing.key", "usage", "missing.key (--tls-key)"),
    ] {
        for form in Form::BOTH {
            let words = format!("sandbox --tls-cert {chain} --tls-key {key}");
            let done = form.of(shell.b2auth(&words)).run();
            expect::error(form, &done, if kind == "usage" { 2 } else { 1 }, kind);
            assert!(done.err.contains(told), "{done:#?}");
        }
    }
    // No certificate is a key.
    fs::set_permissions(shell.home().join("good.pem"), PermissionsExt::from_mode(0o600)).unwrap();
    let done = shell.b2auth("sandbox --tls-cert good.pem --tls-key good.pem").run().exits(1);
    assert!(done.err.contains("no private key"), "{done:#?}");
    for words in ["--tls-cert good.pem", "--tls-key good.key", "--ca-key root.key"] {
        expect::error(Form::Text, &shell.b2auth(&format!("sandbox {words}")).run(), 2, "usage");
    }
    let both = "sandbox --tls --ca-out ca.pem --tls-cert good.pem --tls-key good.key";
    expect::error(Form::Text, &shell.b2auth(both).run(), 2, "usage");
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let shell = Shell::new();
    certificate(&shell, "broker", "3");
    drop(Running::start(&shell, "--tls --ca-key root.key --ca-out ca.pem"));
    for (file, words) in [
        ("broker.key", "--tls-cert broker.pem --tls-key broker.key"),
        ("root.key", "--tls --ca-key root.key --ca-out ca.pem"),
    ] {
        fs::set_permissions(shell.home().join(file), PermissionsExt::from_mode(0o644)).unwrap();
        let done = shell.b2auth(&format!("sandbox {words}")).run();
        expect::error(Form::Text, &done, 2, "usage");
        assert!(done.err.contains(file) && done.err.contains("0600"), "{done:#?}");
    }
}

#[test]
fn what_lies_in_the_place_of_a_kept_root_is_left_as_it_is() {
    let shell = Shell::new();
    certificate(&shell, "broker", "3");
    let home = shell.home();
    let foreign =
        [fs::read(home.join("broker.pem")).unwrap(), fs::read(home.join("broker.key")).unwrap()].concat();
    for (bytes, told) in [
        (b"my notes\n".to_vec(), "no certificate in PEM form"),
        (foreign, "no root certificate that a sandbox has made"),
    ] {
        let file = home.join("root.key");
        fs::write(&file, &bytes).unwrap();
        fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
        let done = shell.b2auth("sandbox --tls --ca-key root.key --ca-out ca.pem").run();
        expect::error(Form::Text, &done, 2, "usage");
        assert!(done.err.contains(told), "{done:#?}");
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }
}
