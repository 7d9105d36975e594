//! Scripted faults, on the wire: what arrives, and whether the work was done.

use std::io::Read;

use auth_sandbox::{Act, Endpoint, Fault, Limits, Office, Sandbox};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::raw::{Raw, until};
use crate::support::{PASSWORD, Rig, credentials};

const SIGN_IN: &str = "/api/v2/my/signin";
const WIZARD: &str = "/api/v2/my/signin/wizard";

fn rig(fault: &str) -> Rig {
    Rig::with(Sandbox::builder().fault(fault.parse().unwrap()))
}

/// Right credentials of somebody who gets an SMS, which shows that the work was done.
async fn credentials_by_sms(rig: &Rig) -> Value {
    credentials(&rig.wizard().await, "sms@example.com", PASSWORD)
}

fn sent(rig: &Rig) -> usize {
    rig.sandbox.outbox().len()
}

/// Fault and status of the newest request.
fn newest(rig: &Rig) -> (Option<String>, u16) {
    let entry = rig.sandbox.requests().pop().unwrap();
    (entry.fault, entry.status)
}

#[tokio::test]
async fn a_status_with_its_header_and_body() {
    let rig = rig("sign_in:status=503,retry_after=7,body={\"a\":1%2C\"b\":2},times=1");
    rig.sandbox.fault("sign_in:status=429,retry_after=2025-03-01T12:01:00Z,times=1".parse().unwrap());
    rig.sandbox.fault("sign_in:status=418,body=no tea,times=1".parse().unwrap());
    let form = credentials_by_sms(&rig).await;
    let reply = rig.post(SIGN_IN, form.clone()).await;
    assert_eq!((reply.status, reply.text.as_str()), (503, "{\"a\":1,\"b\":2}"));
    assert_eq!(reply.headers["retry-after"], "7");
    assert_eq!(reply.headers["content-type"], "application/json");
    assert_eq!(reply.headers["date"], "Sat, 01 Mar 2025 12:00:00 GMT", "by the sandbox's clock");
    let reply = rig.post(SIGN_IN, form.clone()).await;
    assert_eq!((reply.status, reply.text.as_str()), (429, ""));
    assert_eq!(reply.headers["retry-after"], "Sat, 01 Mar 2025 12:01:00 GMT");
    let reply = rig.post(SIGN_IN, form.clone()).await;
    assert_eq!((reply.status, reply.text.as_str()), (418, "no tea"));
    assert!(reply.headers.get("retry-after").is_none());
    assert_eq!(sent(&rig), 0);
    assert_eq!(rig.post(SIGN_IN, form).await.status, 200, "none was left");
}

#[tokio::test]
async fn a_fault_before_the_work_counts_nothing() {
    let limits = Limits::default().sign_in(1);
    for fault in ["status=500", "drop=before", "garbage", "garbage=body", "html=502", "non_utf8"] {
        let rig = Rig::with(Sandbox::builder().limits(limits.clone()));
        let form = credentials_by_sms(&rig).await;
        rig.sandbox.fault(format!("sign_in:{fault},times=3").parse().unwrap());
        for _ in 0..3 {
            Raw::post(&rig.sandbox, SIGN_IN, &form).head_or_nothing();
        }
        assert_eq!(sent(&rig), 0, "{fault}");
        assert_eq!(
            rig.post(SIGN_IN, form).await.status,
            200,
            "{fault}: the wizard and the one attempt are left"
        );
    }
}

#[tokio::test]
async fn a_delay_before_the_work() {
    let rig = rig("sign_in:delay=3600s,times=1");
    let form = credentials_by_sms(&rig).await;
    let late = Raw::post(&rig.sandbox, SIGN_IN, &form);
    until("the request", || rig.sandbox.requests().len() == 2);
    // As much work for somebody else shows that there was time for it.
    assert_eq!(rig.enter("plain@example.com").await.status, 200);
    assert!(late.is_quiet());
    assert_eq!((sent(&rig), rig.sandbox.requests()[1].status), (0, 0));
    assert_eq!(rig.post(SIGN_IN, form).await.status, 200, "the wizard was not touched");
}

#[tokio::test]
async fn a_delay_after_the_work() {
    let rig = rig("sign_in:delay=3600s,when=after,times=1");
    let form = credentials_by_sms(&rig).await;
    let late = Raw::post(&rig.sandbox, SIGN_IN, &form);
    until("the SMS", || sent(&rig) == 1);
    assert!(late.is_quiet());
    assert_eq!(newest(&rig), (Some("sign_in:delay=3600s,when=after,times=1".to_owned()), 0));
    assert_eq!(rig.post(SIGN_IN, form).await.status, 400, "the wizard has moved on");
}

#[tokio::test]
async fn a_delay_ends_with_the_true_answer() {
    for when in ["before", "after"] {
        let rig = rig(&format!("any:delay=1ms,when={when}"));
        assert_eq!(rig.enter("plain@example.com").await.tokens().0.split('.').count(), 3);
        assert_eq!(newest(&rig), (Some(format!("any:delay=1ms,when={when}")), 200));
    }
}

#[tokio::test]
async fn a_connection_dropped_before_the_work() {
    let rig = rig("refresh:drop=before,times=1");
    let (_, token) = rig.enter("plain@example.com").await.tokens();
    let body = json!({ "refreshToken": token });
    assert_eq!(Raw::post(&rig.sandbox, "/api/v2/my/refresh", &body).rest(), b"");
    assert_eq!(newest(&rig), (Some("refresh:drop=before,times=1".to_owned()), 0));
    assert_eq!(rig.refresh(&token).await.status, 200, "the token was not spent");
}

#[tokio::test]
async fn a_connection_dropped_after_the_work() {
    let rig = rig("refresh:drop=after,times=1");
    let (access, token) = rig.enter("plain@example.com").await.tokens();
    let body = json!({ "refreshToken": token });
    assert_eq!(Raw::post(&rig.sandbox, "/api/v2/my/refresh", &body).rest(), b"");
    assert_eq!(newest(&rig), (Some("refresh:drop=after,times=1".to_owned()), 0));
    assert_eq!(rig.who_am_i(&access).await, 200);
    assert_eq!(rig.refresh(&token).await.status, 401, "the token was spent");
    assert_eq!(rig.who_am_i(&access).await, 401, "to spend it twice ends the session");
}

#[tokio::test]
async fn an_answer_cut_off() {
    let rig = rig("sign_in:cut=10,times=1");
    let form = credentials_by_sms(&rig).await;
    let mut raw = Raw::post(&rig.sandbox, SIGN_IN, &form);
    let (head, body) = (raw.head(), raw.rest());
    assert_eq!((head.status(), body.as_slice()), (200, &b"{\"code\":20"[..]));
    assert!(head.length() > 100, "{head:?}");
    assert_eq!(head.header("content-type"), Some("application/json"));
    assert_eq!(head.header("date"), Some("Sat, 01 Mar 2025 12:00:00 GMT"));
    assert_eq!((newest(&rig).1, sent(&rig)), (200, 1));
    assert_eq!(rig.post(SIGN_IN, form).await.status, 400, "the wizard has moved on");
}

#[tokio::test]
async fn an_answer_shorter_than_the_cut_is_cut_too() {
    for (cut, announced) in [(0, 1), (50, 51)] {
        let rig = rig(&format!("sign_out:cut={cut}"));
        let (access, _) = rig.enter("plain@example.com").await.tokens();
        let mut raw = Raw::to(&rig.sandbox);
        raw.send_bearer("/api/v2/my/signout", &access);
        let (head, body) = (raw.head(), raw.rest());
        assert_eq!((head.status(), head.length(), body.len()), (200, announced, 0));
        assert_eq!(rig.who_am_i(&access).await, 401, "signed out");
    }
}

#[tokio::test]
async fn an_answer_that_drips() {
    let rig = rig("sign_in:drip=5,every=3600s,times=1");
    let form = credentials_by_sms(&rig).await;
    let mut raw = Raw::post(&rig.sandbox, SIGN_IN, &form);
    let head = raw.head();
    assert_eq!((head.status(), raw.exactly(5).as_slice()), (200, &b"{\"cod"[..]));
    assert!(head.length() > 100 && raw.is_quiet(), "{head:?}");
    assert_eq!((newest(&rig).1, sent(&rig)), (200, 1));
}

#[tokio::test]
async fn a_drip_ends_with_the_true_answer_and_the_connection_serves_on() {
    let rig = rig("wizard:drip=7,every=1ms,times=1");
    let mut raw = Raw::get(&rig.sandbox, WIZARD);
    let (_, body) = raw.answer();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let uuid = body["uuid"].as_str().unwrap();
    raw.send("POST", SIGN_IN, &credentials(uuid, "plain@example.com", PASSWORD).to_string());
    assert_eq!(raw.answer().0.status(), 200);
}

#[tokio::test]
async fn garbage_in_place_of_an_answer() {
    let rig = rig("wizard:garbage,times=2");
    let bytes = [0, 1].map(|_| Raw::get(&rig.sandbox, WIZARD).rest());
    assert_eq!(bytes.each_ref().map(|bytes| (bytes.len(), bytes[0])), [(512, 0xff); 2]);
    assert_ne!(bytes[0], bytes[1]);
    assert_eq!(newest(&rig), (Some("wizard:garbage=answer,times=2".to_owned()), 0));
    rig.wizard().await;
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let rig = rig("wizard:garbage=body,times=1");
    rig.sandbox.fault("wizard:non_utf8,times=1".parse().unwrap());
    let (head, body) = Raw::get(&rig.sandbox, WIZARD).answer();
    assert_eq!((head.status(), head.header("content-type")), (200, Some("application/json")));
    assert_eq!((body.len(), body[0]), (512, 0xff));

    let (head, body) = Raw::get(&rig.sandbox, WIZARD).answer();
    assert_eq!((head.status(), head.header("content-type")), (200, Some("application/json")));
    String::from_utf8(body.clone()).unwrap_err();
    serde_json::from_str::<Value>(&String::from_utf8_lossy(&body)).unwrap();
}

#[tokio::test]
async fn pages_in_html() {
    for (code, title) in [(200, "200 OK"), (502, "502 Bad Gateway")] {
        let reply = rig(&format!("any:html={code}")).get(WIZARD).await;
        assert_eq!(reply.status, code);
        assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8");
        assert!(reply.text.starts_with("<html>") && reply.text.contains(title), "{reply:?}");
    }
}

#[tokio::test]
async fn redirects() {
    for code in [301, 302, 303, 307, 308] {
        let rig = rig(&format!("wizard:redirect={code},to=https://elsewhere.example/a?b=c%2Cd"));
        let head = Raw::get(&rig.sandbox, WIZARD).head();
        assert_eq!(head.status(), code);
        assert_eq!(head.header("location"), Some("https://elsewhere.example/a?b=c,d"));
    }
}

#[tokio::test]
async fn gigabytes_announced_and_not() {
    const SOME: usize = 3_000_000;
    let rig = rig("wizard:huge=announced,times=1");
    rig.sandbox.fault("wizard:huge=chunked,times=1".parse().unwrap());
    let mut raw = Raw::get(&rig.sandbox, WIZARD);
    let head = raw.head();
    assert_eq!((head.status(), head.length()), (200, 4 << 30));
    let body = raw.exactly(SOME);
    assert!(body.starts_with(b"{\"data\":\"aaa") && body.ends_with(b"aaa"));

    let mut raw = Raw::get(&rig.sandbox, WIZARD);
    let head = raw.head();
    assert_eq!((head.header("content-length"), head.header("transfer-encoding")), (None, Some("chunked")));
    raw.exactly(SOME);
    drop(raw);
    rig.wizard().await;
}

#[tokio::test]
async fn a_large_body_of_a_length_of_one_s_own() {
    for framing in ["announced", "chunked"] {
        let reply = rig(&format!("wizard:huge={framing},size=200k")).get(WIZARD).await;
        assert_eq!(reply.text.len(), 200 * 1024, "{framing}");
    }
}

#[tokio::test]
async fn a_gzip_bomb() {
    let rig = rig("wizard:bomb");
    let (head, body) = Raw::get(&rig.sandbox, WIZARD).answer();
    assert_eq!((head.status(), head.header("content-encoding")), (200, Some("gzip")));
    assert!(body.len() < 8 << 20, "{}", body.len());
    let told = u32::from_le_bytes(*body.last_chunk().unwrap());
    assert_eq!(told, 0, "four gigabytes, of which gzip tells the lower 32 bits");
    let mut inflated = vec![1; 16 << 20];
    GzDecoder::new(&body[..]).read_exact(&mut inflated).unwrap();
    assert!(inflated.iter().all(|byte| *byte == 0));
}

#[tokio::test]
async fn dead_wizards() {
    let rig = Rig::new();
    let (one, other) = (rig.wizard().await, rig.wizard().await);
    let back = rig.back_sign_in("admin@example.com", PASSWORD).await.json()["2faDetails"]["token"].clone();
    rig.sandbox.fault(Fault::at(Endpoint::SignIn, Act::DeadWizards).times(1));
    assert_eq!(rig.sign_in(&one, "plain@example.com", PASSWORD).await.status, 404);
    assert_eq!(rig.sign_in(&other, "plain@example.com", PASSWORD).await.status, 404);
    let code = rig.sandbox.last_code("admin@example.com").unwrap();
    let reply = rig.post("/api/v2/2fa/confirm", json!({ "token": back, "code": code })).await;
    assert_eq!(reply.status, 404);
    assert_eq!(rig.enter("plain@example.com").await.status, 200);
    assert_eq!((rig.wizard().await.len(), rig.sandbox.forget_wizards()), (36, 1));
}

#[tokio::test]
async fn every_endpoint_has_its_name() {
    use Endpoint::{
        CheckGoogle, CheckSms, ChooseMethod, ConfirmMailedCode, Refresh, ResetPassword, RestorePassword,
        SignIn, SignOut, Wizard,
    };
    let front = [
        (Wizard, "/signin/wizard"),
        (SignIn, "/signin"),
        (ChooseMethod, "/signin/2fa"),
        (CheckGoogle, "/2fa/google"),
        (CheckSms, "/2fa/sms"),
        (RestorePassword, "/signin/password/restore"),
        (ResetPassword, "/signin/password/reset"),
        (Refresh, "/refresh"),
        (SignOut, "/signout"),
    ];
    let back = [
        (SignIn, "/signin"),
        (ConfirmMailedCode, "/2fa/confirm"),
        (Refresh, "/refresh"),
        (SignOut, "/signout"),
    ];
    let front = front.map(|(endpoint, path)| (Office::Front, endpoint, format!("/broker/api/v2/my{path}")));
    let back = back.map(|(endpoint, path)| (Office::Back, endpoint, format!("/broker/api/v2{path}/")));
    let all: Vec<_> = front.into_iter().chain(back).collect();
    let rig = Rig::with(Sandbox::builder().base_path("/broker"));
    let origin = rig.sandbox.url().strip_suffix("/broker").unwrap().to_owned();
    for (office, endpoint, path) in &all {
        rig.sandbox.fault(Fault::at(*endpoint, Act::status(599)).office(*office));
        for (_, _, other) in &all {
            let request = rig.http.post(format!("{origin}{other}")).json(&json!({}));
            let hit = rig.send(request).await.status == 599;
            assert_eq!(hit, path == other, "{endpoint:?} {office:?} at {other}");
        }
        rig.sandbox.clear_faults();
    }
}

#[tokio::test]
async fn faults_are_where_and_when_they_are_set() {
    let rig = rig("back/any:status=501,times=1");
    rig.sandbox.fault("any:status=502,after=2,times=1".parse().unwrap());
    let mut seen = Vec::new();
    for path in [WIZARD, "/api/v2/nowhere", "/elsewhere", "/elsewhere", "/_sandbox/users"] {
        seen.push(rig.get(path).await.status);
    }
    assert_eq!(seen, [200, 501, 502, 404, 200]);
    let faults: Vec<_> = rig.sandbox.requests().into_iter().map(|request| request.fault).collect();
    let texts = [None, Some("back/any:status=501,times=1"), Some("any:status=502,after=2,times=1"), None];
    assert_eq!(faults, texts.map(|text| text.map(str::to_owned)));
    let counts: Vec<_> = rig.sandbox.faults().iter().map(|state| (state.seen, state.acted)).collect();
    assert_eq!(counts, [(1, 1), (4, 1)]);
}

#[tokio::test]
async fn a_connection_lives_on_where_no_fault_breaks_it() {
    let rig = rig("wizard:status=500,after=1,times=1");
    let mut raw = Raw::to(&rig.sandbox);
    for status in [200, 500, 200] {
        raw.send("GET", WIZARD, "");
        assert_eq!(raw.answer().0.status(), status);
    }
    assert!(raw.is_quiet());
}

#[tokio::test]
async fn a_sandbox_ends_whatever_is_going_on() {
    let rig = rig("wizard:delay=3600s,times=1");
    rig.sandbox.fault("wizard:drip=1,every=3600s,times=1".parse().unwrap());
    rig.sandbox.fault("wizard:huge=chunked,times=1".parse().unwrap());
    let late = [0, 1, 2].map(|_| {
        let seen = rig.sandbox.requests().len();
        let raw = Raw::get(&rig.sandbox, WIZARD);
        until("the request", || rig.sandbox.requests().len() > seen);
        raw
    });
    drop(rig);
    let mut lengths = late.map(|mut raw| raw.rest_until_it_breaks().len()).into_iter();
    assert_eq!(lengths.next(), Some(0));
    assert!(lengths.all(|length| length > 0));
}
