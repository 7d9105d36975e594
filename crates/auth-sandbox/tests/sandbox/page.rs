//! The sign-in page, as HTTP sees it. In a browser it is tested by the end-to-end tests.

use auth_sandbox::Sandbox;
use serde_json::json;

use crate::support::{Reply, Rig};

async fn page(rig: &Rig, path: &str, languages: &str) -> Reply {
    let origin = format!("http://127.0.0.1:{}", rig.sandbox.port());
    let request = rig.http.get(format!("{origin}{path}")).header("accept", "text/html,*/*;q=0.8");
    rig.send(request.header("accept-language", languages)).await
}

#[tokio::test]
async fn a_browser_gets_the_page_and_a_client_no_endpoint() {
    let rig = Rig::new();
    let reply = page(&rig, "/", "").await;
    assert_eq!(reply.status, 200);
    assert!(reply.text.contains("<html lang=\"en\""), "{}", reply.text);
    let policy = reply.headers["content-security-policy"].to_str().unwrap();
    let live = format!("connect-src 'self' ws://127.0.0.1:{};", rig.sandbox.port());
    assert!(policy.starts_with("default-src 'none';") && policy.contains(&live), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert!(rig.sandbox.requests().is_empty(), "not in the log");
    rig.sandbox.fault("any:status=503".parse().unwrap());
    assert_eq!(page(&rig, "/", "").await.status, 200, "no fault touches it");
    assert_eq!(rig.get("/").await.status, 503);
    rig.sandbox.clear_faults();

    let client = rig.get("/").await;
    assert_eq!((client.status, client.issues()), (404, vec!["No such endpoint".to_owned()]));
    assert_eq!(rig.post("/", json!({})).await.status, 405);
    assert_eq!(rig.sandbox.requests().len(), 3);
}

#[tokio::test]
async fn its_files_are_its_own() {
    let rig = Rig::with(Sandbox::builder().base_path("/broker"));
    for path in ["/", "/broker", "/broker/"] {
        let reply = page(&rig, path, "").await;
        assert_eq!(reply.status, 200, "{path}");
        for part in reply.text.split(['"', '\'']).filter(|part| part.contains("_page/")) {
            let origin = format!("http://127.0.0.1:{}", rig.sandbox.port());
            let file = rig.send(rig.http.get(format!("{origin}{part}"))).await;
            assert_eq!((file.status, part.starts_with("/broker/_page/")), (200, true), "{part}");
        }
        let text = &reply.text;
        assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("style="), "{text}");
        assert!(text.split("<script").skip(1).all(|tag| tag.contains("src=")), "{text}");
    }
}

#[tokio::test]
async fn it_speaks_three_languages() {
    let rig = Rig::new();
    for (path, header, title) in [
        ("/", "de-AT, en;q=0.5", "Mit QR-Code anmelden"),
        ("/?lang=es", "de", "Iniciar sesión con un código QR"),
        ("/?lang=xx", "", "Sign in with a QR code"),
    ] {
        assert!(page(&rig, path, header).await.text.contains(title), "{path} {header}");
    }
}

#[tokio::test]
async fn a_code_becomes_a_picture() {
    let rig = Rig::new();
    let body = json!({ "id": "0a4682f9-7e6c-49a7-b946-db58f28d8171", "host": "https://broker.example" });
    let reply = rig.post("/_page/qr", body).await;
    assert_eq!((reply.status, &reply.headers["content-type"]), (200, &"image/svg+xml".parse().unwrap()));
    assert!(reply.text.contains("<svg") && !reply.text.contains("0a4682f9"), "{}", reply.text);
    assert_eq!(rig.get("/_page/qr").await.status, 405, "never by a URL");
    assert_eq!(rig.post("/_page/qr", json!({ "id": 1 })).await.status, 400);
    let long = json!({ "id": "x".repeat(5000), "host": "y" });
    assert_eq!(rig.post("/_page/qr", long).await.status, 413);
}
