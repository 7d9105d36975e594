//! A page of another site, in a real browser of whoever runs a sandbox: it can send what a form can, and by DNS rebinding, where its
//! own name comes to mean this machine, read the answers too.

use std::fs;

use e2e::node::{Driver, program};
use e2e::raw_host::{Answer, RawHost, http};
use e2e::running::Running;
use e2e::shell::Shell;
use serde_json::{Value, json};

/// The secrets and switches that a page would want.
const WANTED: [&str; 4] = ["/_sandbox/users", "/_sandbox/outbox", "/_sandbox/requests", "/_sandbox/settings"];
/// What a page would do to it.
const ORDERS: [(&str, &str); 6] = [
    ("/_sandbox/faults", r#"{"fault": "any:status=503"}"#),
    ("/_sandbox/clock", r#"{"advance_seconds": 100000}"#),
    ("/_sandbox/settings", r#"{"recaptcha": true}"#),
    ("/_sandbox/sessions", r#"{"end": "plain@example.com"}"#),
    ("/_sandbox/live", r#"{"drop": true}"#),
    ("/_sandbox/wizards", "{}"),
];

/// A browser whose user has a page of somebody else's open.
struct Victim {
    driver: Driver,
    _site: RawHost,
}

impl Victim {
    fn visiting(sandbox: &Running, name: &str) -> Self {
        let page =
            |_: &_| Answer::Bytes(http(200, "text/html", &[], b"<!doctype html><title>Kittens</title>"));
        let site = RawHost::start(page);
        let mut driver = Driver::start("browser.cjs");
        // After rebinding the name and the port are those of the page, and the machine is ours.
        let url = if name == "127.0.0.1" { site.url() } else { sandbox.url().replace("127.0.0.1", name) };
        driver.ask(
            "open",
            json!({
                "program": program("chromium"), "url": url, "scheme": "light", "language": "en-GB",
                "width": 800, "height": 600, "more": [format!("--host-resolver-rules=MAP {name} 127.0.0.1")],
            }),
        );
        Self { driver, _site: site }
    }

    fn run(&mut self, script: String) -> Value {
        self.driver.ask("evaluate", json!({ "script": script }))
    }

    /// What a request of the page comes to: the status and the text, or that it may not know.
    fn fetch(&mut self, url: &str, options: &Value) -> (u64, String) {
        let script = format!(
            "fetch({}, {options}).then(async (answer) => [answer.status, await answer.text()], (error) => [0, String(error)])",
            json!(url)
        );
        let answer = self.run(script);
        (answer[0].as_u64().expect("a status"), answer[1].as_str().expect("a text").to_owned())
    }
}

/// The most memory that a process has had, in kB.
fn most_memory(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("it runs on Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("it has memory");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// How it was before: nothing that a page would change is changed.
fn is_untouched(sandbox: &Running) {
    assert!(sandbox.ask("GET", "/_sandbox/faults", "").ends_with("[]"));
    assert!(sandbox.ask("GET", "/_sandbox/clock", "").contains(r#""offset_seconds":0.0"#));
    assert!(sandbox.ask("GET", "/_sandbox/settings", "").contains(r#""recaptcha":false"#));
    assert!(sandbox.ask("GET", "/_sandbox/sessions", "").contains(r#""unrevoked":1"#));
    Shell::at(&sandbox.url()).sign_in("plain@example.com", "").run().exits(0);
}

fn used_once() -> Running {
    let sandbox = Running::start(&Shell::new(), "");
    Shell::at(&sandbox.url()).sign_in("plain@example.com", "").run().exits(0);
    sandbox
}

#[test]
fn of_another_origin_it_cannot_fill_the_sandbox() {
    let sandbox = used_once();
    let logged = sandbox.ask("GET", "/_sandbox/requests", "");
    let before = most_memory(sandbox.id());
    let mut victim = Victim::visiting(&sandbox, "127.0.0.1");
    let script = format!(
        "(async () => {{
            const names = Array.from({{length: 63}}, (_, at) => [at + 'x'.repeat(16000), 0]);
            const body = JSON.stringify(Object.fromEntries(names));
            for (let round = 0; round < 40; round++) {{
                await Promise.all(Array.from({{length: 6}}, () => fetch({}, {{method: 'POST', mode: 'no-cors', body}}).catch(() => 0)));
            }}
        }})()",
        json!(format!("{}/api/v2/my/signin", sandbox.url()))
    );
    victim.run(script);
    assert!(
        most_memory(sandbox.id()) - before < 60_000,
        "{before} kB became {} kB",
        most_memory(sandbox.id())
    );
    assert_eq!(
        body(&sandbox.ask("GET", "/_sandbox/requests", "")),
        body(&logged),
        "and nothing is noted of it"
    );
    is_untouched(&sandbox);
}

#[test]
fn of_another_origin_it_cannot_steer() {
    let sandbox = used_once();
    let mut victim = Victim::visiting(&sandbox, "127.0.0.1");
    for (path, order) in ORDERS {
        let url = format!("{}{path}", sandbox.url());
        for kind in ["text/plain", "application/x-www-form-urlencoded"] {
            let options = json!({"method": "POST", "mode": "no-cors", "body": order, "headers": {"content-type": kind}});
            victim.fetch(&url, &options);
        }
        // A form needs no script that may ask, and a picture no answer.
        victim.run(format!(
            "new Promise((done) => {{
                const image = new Image();
                image.onerror = image.onload = () => done(null);
                image.src = {};
            }})",
            json!(url)
        ));
    }
    for path in WANTED {
        let (status, text) = victim.fetch(&format!("{}{path}", sandbox.url()), &json!({}));
        assert_eq!(status, 0, "{path}: {text}");
    }
    is_untouched(&sandbox);
}

#[test]
fn by_rebinding_it_reads_no_secret_and_cannot_steer() {
    let sandbox = used_once();
    let mut victim = Victim::visiting(&sandbox, "evil.example");
    for path in WANTED {
        let (status, text) = victim.fetch(path, &json!({}));
        assert_eq!(status, 403, "{path}: {text}");
        assert!(text.contains("--host-name") && !text.contains("otpauth"), "{text}");
    }
    for (path, order) in ORDERS {
        let (status, text) = victim.fetch(path, &json!({"method": "POST", "body": order}));
        assert_eq!(status, 403, "{path}: {text}");
    }
    assert_eq!(victim.fetch("/_sandbox/faults", &json!({"method": "DELETE"})).0, 403);
    assert_eq!(victim.fetch("/api/v2/my/signin/wizard", &json!({})).0, 403);
    let opened = victim.run(
        "new Promise((done) => {
            const socket = new WebSocket(`ws://${location.host}/socket.io/?EIO=3&transport=websocket`);
            socket.onopen = () => done(true);
            socket.onerror = () => done(false);
        })"
        .to_owned(),
    );
    assert_eq!(opened, json!(false));
    is_untouched(&sandbox);
}

#[test]
fn the_sandbox_s_own_page_works_and_may_steer() {
    let sandbox = used_once();
    let mut user = Victim::visiting(&sandbox, "127.0.0.1");
    user.driver.ask("go", json!({ "url": format!("{}/", sandbox.url()) }));
    user.driver.ask("wait", json!({ "selector": "#qr[data-state=shown]" }));
    let users = user.fetch("/_sandbox/users", &json!({}));
    assert!(users.0 == 200 && users.1.contains("otpauth"), "{users:?}");
    let order = json!({"method": "POST", "body": r#"{"advance_seconds": 5}"#});
    assert_eq!(user.fetch("/_sandbox/clock", &order).0, 200);
    // As where somebody types the address, or follows the page's link.
    user.driver.ask("go", json!({ "url": format!("{}/_sandbox/outbox", sandbox.url()) }));
    assert_eq!(user.run("document.body.innerText".to_owned()), json!("[]"));
}

/// The body of an answer.
fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").expect("it answers by HTTP").1
}
