//! Codes end and connections break: there is always a good code on the page, or a word why not.

use std::time::Duration;

use auth_sandbox::{LifetimeForm, QrSettings, Sandbox};
use serde_json::{Value, json};

use super::browser::{Page, approve};

const SHOWN: &str = "#qr[data-state=shown]";
const RENEWED: &str = "#qr[data-state=renewed]";

#[test]
fn a_code_that_expires_is_renewed() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    let first = page.channel("first");
    sandbox.advance(Duration::from_secs(120));
    page.wait(RENEWED);
    let second = page.channel("second");
    assert_ne!(second, first);
    assert_eq!(page.text("#status"), "A new code is shown.");
    approve(&sandbox, &second);
    page.wait("#done-title");
    page.is_flawless();
}

#[test]
fn the_page_counts_down_by_itself() {
    // Nobody tells it: the host's clock stands still.
    let now = auth_sandbox::Timestamp::now();
    let builder = Sandbox::builder().clock(move || now);
    let short = QrSettings::default().lifetime(Duration::from_secs(1)).lifetime_form(LifetimeForm::Fraction);
    let sandbox = builder.qr(short).start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(RENEWED);
    page.is_flawless();
}

#[test]
fn events_of_others_and_broken_packets_change_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    let channel = page.channel("quiet");
    let own = format!("qr.{channel}");
    sandbox.publish_live(&own, &Value::Null, &json!({}));
    sandbox.publish_live(&own, &json!("approved"), &Value::Null);
    sandbox.publish_live(&own, &json!("approved"), &json!({ "authorizationToken": "two words" }));
    sandbox.publish_live(&own, &json!("else"), &json!({ "authorizationToken": "x" }));
    for packet in ["42[\"ev", "42", "9", "42{}", "42[null]", "451-[\"x\",{}]", ""] {
        sandbox.publish_live_raw(packet);
    }
    sandbox.publish_live_raw("42[\"declined\",\"qr.another\",{}]");
    approve(&sandbox, &channel);
    page.wait("#done-title");
    page.is_flawless();
}

#[test]
fn a_double_event_signs_in_once() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.set_live_twice(true);
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    let channel = page.channel("twice");
    approve(&sandbox, &channel);
    page.wait("#done-title");
    page.is_flawless();
    let exchanges = sandbox.requests().into_iter().filter(|request| request.body_fields.len() == 2);
    assert_eq!(exchanges.filter(|request| request.path.ends_with("/qrcodes")).count(), 1);
}

#[test]
fn after_an_interruption_there_is_a_new_code() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    let first = page.channel("before");
    assert_eq!(sandbox.drop_live(), 1);
    page.wait(RENEWED);
    let second = page.channel("after");
    assert_ne!(second, first);
    approve(&sandbox, &second);
    page.wait("#done-title");
    page.is_flawless();
}

#[test]
fn a_proxy_that_answers_for_the_host_is_waited_out() {
    let builder = Sandbox::builder().fault("live_handshake:html=502,times=3".parse().unwrap());
    let sandbox = builder.start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    let channel = page.channel("proxy");
    approve(&sandbox, &channel);
    page.wait("#done-title");
    let problems = page.problems();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.contains("502")), "{problems:?}");
}

#[test]
fn without_websocket_it_polls() {
    let sandbox = Sandbox::builder().live_polling_only(true).start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    assert_eq!(sandbox.live_sessions()[0].transport, "polling");
    let first = page.channel("polling");
    sandbox.drop_live();
    page.wait(RENEWED);
    let second = page.channel("polling-again");
    assert_ne!(second, first);
    approve(&sandbox, &second);
    page.wait("#done-title");
    // A GET that comes after the interruption finds no session.
    page.is_usable_with(&["WebSocket", "400"]);
}

#[test]
fn where_it_is_off_the_page_says_so() {
    let sandbox = Sandbox::builder().qr_available(false).start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait("#qr[data-state=not_available]");
    assert_eq!(page.wait("#qr-message"), "QR sign-in is not available here.");
    page.picture("not-available");
    page.has_no_barriers();
    page.is_usable_with(&["404"]);
}
