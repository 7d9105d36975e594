//! What a stranger can make the sandbox keep, and what it does not serve.

use std::io::{Read, Write};
use std::net::TcpStream;

use auth_sandbox::{Sandbox, StartError};
use serde_json::json;

use crate::support::Rig;

#[tokio::test]
async fn of_a_large_request_little_is_noted() {
    let rig = Rig::new();
    let mut body = serde_json::Map::new();
    for number in 0..100 {
        body.insert(format!("{number:03}{}", "ü".repeat(500)), json!(0));
    }
    let path = format!("/api/v2/my/{}", "p".repeat(10_000));
    let request = rig.http.post(format!("{}{path}", rig.sandbox.url())).json(&body);
    rig.send(request.header("x-correlation-id", "c".repeat(10_000))).await;
    let noted = rig.sandbox.requests().remove(0);
    assert!(noted.path.len() < 300 && noted.path.starts_with("/api/v2/my/ppp") && noted.path.ends_with("p…"));
    assert!(noted.correlation_id.unwrap().len() < 300);
    assert!(noted.body_fields.len() == 32 && noted.body_fields.iter().all(|name| name.len() < 80));
}

#[tokio::test]
async fn how_much_was_dropped_is_told() {
    let rig = Rig::with(Sandbox::builder());
    let asked = rig.get("/_sandbox/outbox").await;
    assert_eq!(asked.headers["x-sandbox-dropped"], "0");
    let port = rig.sandbox.port();
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        for _ in 0..103 {
            let one = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
            stream.write_all(one.repeat(100).as_bytes()).unwrap();
            let mut answers = [0; 100_000];
            let mut seen = 0;
            while seen < 100 {
                let read = stream.read(&mut answers).unwrap();
                seen += String::from_utf8_lossy(&answers[..read]).matches("HTTP/1.1 404").count();
            }
        }
    })
    .await
    .unwrap();
    assert!(rig.sandbox.dropped_requests() >= 300 && rig.sandbox.requests().len() == 10_000);
    let asked = rig.get("/_sandbox/requests").await;
    assert_eq!(asked.headers["x-sandbox-dropped"], rig.sandbox.dropped_requests().to_string());
}

#[tokio::test]
async fn steering_takes_the_token_and_what_is_public_does_not() {
    let rig = Rig::with(Sandbox::builder().steering_token("a token for the tests").base_path("/broker"));
    let origin = rig.sandbox.url().trim_end_matches("/broker").to_owned();
    assert_eq!(rig.sandbox.steering_token(), Some("a token for the tests"));
    for path in ["outbox", "requests", "users", "faults", "clock", "settings", "sessions", "live", "clock/"] {
        for base in [origin.as_str(), rig.sandbox.url()] {
            let asked = || rig.http.get(format!("{base}/_sandbox/{path}"));
            assert_eq!(rig.send(asked()).await.status, 403, "{base} {path}");
            assert_eq!(rig.send(asked().bearer_auth("a token for the test")).await.status, 403, "{path}");
            assert_eq!(rig.send(asked().bearer_auth("a token for the tests")).await.status, 200, "{path}");
        }
    }
    let forget = rig.http.post(format!("{origin}/_sandbox/wizards"));
    assert_eq!(rig.send(forget).await.status, 403);
    assert_eq!(rig.get("/_sandbox/whoami").await.status, 401);
    assert_eq!(rig.get("/_sandbox/jwt.pem").await.status, 200);
    assert_eq!(rig.get("/api/v2/my/signin/wizard").await.status, 200);
    assert_eq!(rig.sandbox.requests().len(), 1, "what was refused is not noted");
}

#[test]
fn a_token_that_is_easily_guessed_is_refused_and_a_random_one_is_made() {
    let error = Sandbox::builder().steering_token("short").start().unwrap_err();
    assert!(matches!(error, StartError::SteeringToken));
    let random = Sandbox::builder().steering_token("").start().unwrap();
    assert!(random.steering_token().unwrap().len() > 30);
    assert_eq!(Sandbox::start().unwrap().steering_token(), None);
}

#[test]
fn a_connection_too_many_is_told_so() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.fault("wizard:delay=3600s".parse().unwrap());
    let connect = || {
        let mut stream = TcpStream::connect(("127.0.0.1", sandbox.port())).unwrap();
        stream.write_all(b"GET /api/v2/my/signin/wizard HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        stream
    };
    let held: Vec<TcpStream> = (0..512).map(|_| connect()).collect();
    while sandbox.requests().len() < 512 {
        std::thread::yield_now();
    }
    let mut answer = String::new();
    let _ = connect().read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    drop(held);
}
