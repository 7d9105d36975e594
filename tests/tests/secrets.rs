//! No password, code, token or id of a sign-in in anything that is shown, logged or left behind.
//!
//! | module | of what |
//! | --- | --- |
//! | this one | `b2auth` and the sandbox, every secret that is on the wire |
//! | `echoes` | `b2auth` and a host that gives back what it was sent |
//! | `library` | the library, every step refused in every way, with everything logged that can be |
//! | `panics` | panics inside ports of the app's own |
//! | `values` | every value that can hold a secret, printed |
//! | `search` | the search itself |

mod echoes;
mod evidence;
mod host;
mod library;
mod panics;
mod search;
mod values;

use std::fs;
use std::path::Path;
use std::time::Duration;

use auth_sandbox::{Sandbox, Users};
use e2e::codes::{app_code, wrong_app_code};
use e2e::markers::Markers;
use e2e::past;
use e2e::relay::Relay;
use e2e::shell::Shell;

const TOTP_SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const USERS: &str = r#"
[[user]]
email = "plain@example.org"
password = "marker-plain-7461"
office = "front"

[[user]]
email = "both@example.org"
password = "marker-both-9053"
office = "front"
methods = ["google", "sms"]
totp_secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

[[user]]
email = "reset@example.org"
password = "marker-reset-2278"
office = "front"
force_reset = true

[[user]]
email = "admin@example.org"
password = "marker-admin-6610"
office = "back"
mailed_code = true
"#;

/// A traced user of a sandbox behind a relay, and everything that was shown.
struct Traced {
    sandbox: Sandbox,
    relay: Relay,
    shell: Shell,
    shown: String,
}

impl Traced {
    fn start() -> Self {
        let users = Users::from_toml(USERS).expect("the users are good");
        let sandbox = Sandbox::builder().users(users).recaptcha(true).start().expect("a sandbox starts");
        let relay = Relay::before(&sandbox);
        let shell = Shell::at(&relay.url());
        Self { sandbox, relay, shell, shown: String::new() }
    }

    #[track_caller]
    fn run(&mut self, words: &str, input: &str, code: i32) {
        let done = self.shell.b2auth(words).arg("-vvv").input(input).run().exits(code);
        self.shown.push_str(&done.out);
        self.shown.push_str(&done.err);
    }

    fn last_code(&self, email: &str) -> String {
        self.sandbox.last_code(email).expect("a code was sent")
    }

    /// Looks for every secret in what was shown and in every file.
    #[track_caller]
    fn nothing_leaked(&self, at_least: usize) {
        let secrets = self.relay.secrets();
        assert!(secrets.len() >= at_least, "only {} secrets were on the wire", secrets.len());
        assert!(self.shown.contains("correlation_id"), "the sign-in was traced:\n{}", self.shown);
        let files: Vec<(String, Vec<u8>)> = self.shell.files().iter().map(|path| content(path)).collect();
        assert!(!files.is_empty());
        let secrets = Markers::of(secrets.iter().map(|secret| (secret.as_str(), secret)));
        secrets.absent_from("what was shown", &self.shown);
        for (name, bytes) in files {
            secrets.absent_from("the name of a file", &name);
            secrets.absent_from(&name, bytes);
        }
    }
}

fn content(path: &Path) -> (String, Vec<u8>) {
    (path.display().to_string(), fs::read(path).expect("a file of the store can be read"))
}

#[test]
fn of_a_password_sign_in_a_refresh_and_a_sign_out() {
    let mut traced = Traced::start();
    traced.run(
        "signin --email plain@example.org --password-stdin --recaptcha marker-captcha",
        "marker-wrong-1\n",
        4,
    );
    traced.run(
        "signin --email plain@example.org --password-stdin --recaptcha marker-captcha",
        "marker-plain-7461\n",
        0,
    );
    traced.run("status", "", 0);
    traced.nothing_leaked(6);
    traced.run("signout", "", 0);
    traced.nothing_leaked(6);
}

#[test]
fn of_an_authenticator_and_an_sms_code() {
    let mut traced = Traced::start();
    let sign_in = "signin --email both@example.org --password-stdin --recaptcha marker-captcha --json";
    traced.run(sign_in, "marker-both-9053\n", 10);
    traced.run("signin --resume --method sms", "", 10);
    let sms = traced.last_code("both@example.org");
    traced.run("signin --resume --method google", "", 10);
    traced.run(&format!("signin --resume --code {}", wrong_app_code(TOTP_SECRET)), "", 4);
    traced.nothing_leaked(4);
    assert!(!traced.shown.contains(&sms));
    traced.run(&format!("signin --resume --json --code {}", app_code(TOTP_SECRET)), "", 0);
    traced.nothing_leaked(7);
}

#[test]
fn of_a_forced_reset() {
    let mut traced = Traced::start();
    traced.run(
        "signin --email reset@example.org --password-stdin --recaptcha marker-captcha",
        "marker-reset-2278\n",
        10,
    );
    let code = traced.last_code("reset@example.org");
    traced.run(&format!("signin --resume --code {code}"), "", 10);
    traced.run("signin --resume --new-password-stdin --json", "mrkr\n", 4);
    traced.nothing_leaked(4);
    traced.run("signin --resume --new-password-stdin --recaptcha again", "marker-fresh-5512\n", 0);
    traced.nothing_leaked(8);
}

#[test]
fn of_a_mailed_code() {
    let mut traced = Traced::start();
    traced.run("signin --office back --email admin@example.org --password-stdin", "marker-admin-6610\n", 10);
    traced.nothing_leaked(2);
    let code = traced.last_code("admin@example.org");
    traced.run(&format!("signin --office back --resume --code {code}"), "", 0);
    traced.nothing_leaked(5);
}

#[test]
fn of_a_token_only_standard_output_of_token_shows_it() {
    let sandbox = Sandbox::start().unwrap();
    let relay = Relay::before(&sandbox);
    let shell = Shell::at(&relay.url());
    past::sign_in(&shell, &relay.url(), "plain@example.com", Duration::from_secs(16 * 60));
    let done = shell.b2auth("token -vvv").run().exits(0);
    let secrets = relay.secrets();
    assert!(secrets.contains(done.line()));
    let secrets = Markers::of(secrets.iter().map(|secret| (secret.as_str(), secret)));
    secrets.absent_from("standard error", &done.err);
    for (name, bytes) in shell.files().iter().map(|path| content(path)) {
        secrets.absent_from(&name, bytes);
    }
    // Nor in JSON, but in its own field.
    let server_message = shell.b2auth("token -vvv --json").run().exits(0);
    assert_eq!(server_message.json()["access_token"], done.line(), "{server_message:#?}");
    assert_eq!(server_message.out.matches(done.line()).count(), 1);
    secrets.absent_from("standard error", &server_message.err);
    for words in ["status --json -vvv", "signout --json -vvv"] {
        let server_message = shell.b2auth(words).run().exits(0);
        secrets.absent_from(words, format!("{}{}", server_message.out, server_message.err));
    }
}

#[test]
fn of_a_passphrase_that_seals_the_store() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_STORE_KEY", "marker-passphrase-3");
    let done = shell.sign_in("plain@example.com", "-vvv").run().exits(0);
    let passphrase = Markers::of([("passphrase", "marker-passphrase-3")]);
    passphrase.absent_from("what was shown", format!("{}{}", done.out, done.err));
    for (name, bytes) in shell.files().iter().map(|path| content(path)) {
        passphrase.absent_from(&name, bytes);
    }
}

#[test]
fn of_the_account_nothing_is_readable_in_the_store() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("plain@example.com", "--profile marker-profile").run().exits(0);
    let text = fs::read_to_string(shell.store()).unwrap();
    for secret in ["plain@example.com", "127.0.0.1", "marker-profile"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
