//! Hosts that are reached, or configured, in another way.

use std::fs;
use std::time::Duration;

use auth_sandbox::{LifetimeForm, QrSettings, Sandbox};
use e2e::display::Display;
use e2e::shell::Shell;

use super::stage::{EMAIL, about, approver, first_code, sandbox, watched};

/// The whole way, with these shells.
#[track_caller]
fn signs_in(sandbox: &Sandbox, shell: &Shell, phone: &Shell, more: &str) {
    let mut display = Display::start(shell, more);
    let shown = first_code(sandbox, &mut display);
    about(phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    assert_eq!(display.expect("signed_in")["account"], EMAIL);
    display.end().exits(0);
}

#[test]
fn over_tls_the_live_channel_trusts_the_same_roots() {
    let sandbox = Sandbox::builder().tls(Vec::<String>::new()).start().unwrap();
    let roots = tempfile::NamedTempFile::new().unwrap();
    fs::write(&roots, sandbox.ca_pem().unwrap()).unwrap();
    let at = || Shell::at_sandbox(&sandbox).with("B2AUTH_CA_FILE", roots.path());
    let phone = at();
    phone.sign_in(EMAIL, "").run().exits(0);
    for transports in ["both", "polling", "websocket"] {
        signs_in(&sandbox, &at(), &phone, &format!("--qr-option transports={transports}"));
    }
    let done = Shell::at_sandbox(&sandbox).b2auth("qr show --json").run().exits(6);
    assert_eq!(done.json()["error"]["kind"], "tls");
}

#[test]
fn below_a_base_path() {
    let sandbox = Sandbox::builder().base_path("/broker/eu").start().unwrap();
    signs_in(&sandbox, &Shell::at_sandbox(&sandbox), &approver(&sandbox), "");
}

#[test]
fn by_a_private_channel_with_its_authorization() {
    let sandbox = sandbox();
    let phone = approver(&sandbox);
    let token = phone.b2auth("token").run().exits(0).line().to_owned();
    let options = |token: &str| format!("private=true;channel_authorization=Bearer {token}");
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_QR_OPTION", options(&token));
    let mut display = Display::start(&shell, "");
    let shown = display.expect("shown");
    assert_eq!(shown["channel_name"], format!("private-qr.{}", shown["channel"].as_str().unwrap()));
    watched(&sandbox, &shown);
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    let done = display.end().exits(0);
    assert!(!done.out.contains(&token) && !done.err.contains(&token), "{done:#?}");
}

#[test]
fn a_code_is_renewed_by_its_own_lifetime() {
    let qr = QrSettings::default().lifetime(Duration::from_secs(1)).lifetime_form(LifetimeForm::Fraction);
    let sandbox = Sandbox::builder().qr(qr).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut display = Display::start(&shell, "");
    let first = display.expect("shown");
    assert_eq!(first["lifetime_seconds"], 1);
    assert_eq!(display.expect("expired")["reason"], "lifetime");
    let second = display.expect("renewed");
    assert_ne!(first["channel"], second["channel"]);
    let phone = approver(&sandbox);
    let late = about(&phone, "approve --yes --json", &first).run().exits(4).json();
    assert_eq!(late["error"]["kind"], "qr_expired");
}
