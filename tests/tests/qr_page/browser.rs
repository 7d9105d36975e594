//! A page in a real browser, beside its sandbox.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use auth_sandbox::Sandbox;
use e2e::node::{Driver, program};
use serde_json::{Value, json};

pub(super) const PASSWORD: &str = "Secret123";

/// How the browser is set up.
pub(super) struct Look {
    pub(super) scheme: &'static str,
    pub(super) language: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Default for Look {
    fn default() -> Self {
        Self { scheme: "light", language: "en-GB", width: 1120, height: 760 }
    }
}

/// A page that is open.
pub(super) struct Page {
    driver: Driver,
    folder: tempfile::TempDir,
}

impl Page {
    pub(super) fn open(sandbox: &Sandbox) -> Self {
        Self::with(sandbox, "/", &Look::default())
    }

    pub(super) fn with(sandbox: &Sandbox, path: &str, look: &Look) -> Self {
        let Look { scheme, language, width, height } = look;
        let mut driver = Driver::start("browser.cjs");
        driver.ask(
            "open",
            json!({
                "program": program("chromium"),
                "url": format!("{}{path}", sandbox.url()),
                "scheme": scheme,
                "language": language,
                "width": width,
                "height": height,
            }),
        );
        Self { driver, folder: tempfile::tempdir().expect("there is room for a temporary folder") }
    }

    /// Waits until something is visible; its text.
    #[track_caller]
    pub(super) fn wait(&mut self, selector: &str) -> String {
        let text = self.driver.ask("wait", json!({ "selector": selector }));
        text.as_str().expect("a text").to_owned()
    }

    #[track_caller]
    pub(super) fn text(&mut self, selector: &str) -> String {
        let text = self.driver.ask("text", json!({ "selector": selector }));
        text.as_str().expect("a text").to_owned()
    }

    #[track_caller]
    pub(super) fn fill(&mut self, selector: &str, text: &str) {
        self.driver.ask("fill", json!({ "selector": selector, "text": text }));
    }

    #[track_caller]
    pub(super) fn click(&mut self, selector: &str) {
        self.driver.ask("click", json!({ "selector": selector }));
    }

    pub(super) fn write(&mut self, text: &str) {
        self.driver.ask("type", json!({ "text": text }));
    }

    pub(super) fn press(&mut self, key: &str) {
        self.driver.ask("press", json!({ "key": key }));
    }

    pub(super) fn focused(&mut self) -> String {
        self.driver.ask("focused", json!({})).as_str().expect("an id").to_owned()
    }

    /// A picture of what is seen; copied into the folder that `PAGE_PICTURES` names, if it does, for people to look at.
    pub(super) fn picture(&mut self, name: &str) -> PathBuf {
        let file = self.folder.path().join(format!("{name}.png"));
        self.driver.ask("picture", json!({ "file": file }));
        if let Some(kept) = std::env::var_os("PAGE_PICTURES") {
            std::fs::copy(&file, Path::new(&kept).join(format!("{name}.png"))).expect("the folder is there");
        }
        file
    }

    /// What `zbarimg` reads from a picture of the page.
    #[track_caller]
    pub(super) fn scan(&mut self, name: &str) -> Value {
        let picture = self.picture(name);
        let mut zbarimg = Command::new("zbarimg");
        zbarimg.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(picture);
        let output = zbarimg.output().expect("zbarimg is installed by `cargo xtask test`");
        let text = String::from_utf8(output.stdout).expect("a payload is text");
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("no code is read: {text:?}"))
    }

    /// The id of the channel that the page shows, as a phone's camera reads it.
    #[track_caller]
    pub(super) fn channel(&mut self, name: &str) -> String {
        self.scan(name)["id"].as_str().expect("the payload has an id").to_owned()
    }

    /// Whatever the browser complained of so far, and what `axe` finds now.
    #[track_caller]
    pub(super) fn is_flawless(&mut self) {
        self.has_no_barriers();
        assert_eq!(self.problems(), Vec::<String>::new());
    }

    #[track_caller]
    pub(super) fn has_no_barriers(&mut self) {
        assert_eq!(self.driver.ask("barriers", json!({})), json!([]));
    }

    pub(super) fn problems(&mut self) -> Vec<String> {
        let problems = self.driver.ask("problems", json!({}));
        let list = problems.as_array().expect("a list");
        list.iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
    }
}

/// One call to the sandbox over plain HTTP, as a phone makes it; status and body.
pub(super) fn call(
    sandbox: &Sandbox,
    path: &str,
    bearer: Option<&str>,
    body: Option<&Value>,
) -> (u16, Value) {
    let mut stream = TcpStream::connect(("127.0.0.1", sandbox.port())).expect("it listens");
    let method = if body.is_some() { "POST" } else { "GET" };
    let body = body.map(Value::to_string).unwrap_or_default();
    let bearer = bearer.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head =
        format!("{method} /api/v2/my{path} HTTP/1.0\r\n{bearer}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("it answers by HTTP");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("it has a status");
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// An access token of `plain@example.com`.
pub(super) fn phone(sandbox: &Sandbox) -> String {
    let (_, wizard) = call(sandbox, "/signin/wizard", None, None);
    let credentials = json!({
        "uuid": wizard["uuid"],
        "email": "plain@example.com",
        "password": PASSWORD,
        "device_fingerprint": "eyJ1c2VyX2FnZW50IjoieCJ9",
    });
    let (_, session) = call(sandbox, "/signin", None, Some(&credentials));
    session["data"]["accessToken"]["token"].as_str().expect("it signs in").to_owned()
}

/// Approves a channel as a phone does.
#[track_caller]
pub(super) fn approve(sandbox: &Sandbox, channel: &str) {
    let (status, _) = call(
        sandbox,
        "/signin/tokens",
        Some(&phone(sandbox)),
        Some(&json!({ "channelId": channel, "id": channel })),
    );
    assert_eq!(status, 200);
}

impl Page {
    /// Nothing is complained of but what each of these words stands for.
    #[track_caller]
    pub(super) fn is_usable_with(&mut self, expected: &[&str]) {
        let problems = self.problems();
        let unknown = |problem: &&String| !expected.iter().any(|word| problem.contains(word));
        assert_eq!(problems.iter().filter(unknown).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
