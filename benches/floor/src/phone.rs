//! What the benches of QR sign-in share: a sandbox in a process of its own, and a signed-in phone.

use auth_client::{
    AuthClient, Credentials, Office, Session, SignInStep,
    http::{HttpOptions, Proxy},
    secret::Password,
};
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// `b2auth sandbox`, until it is dropped.
pub struct Sandbox {
    child: Child,
    pub host: String,
}

impl Sandbox {
    pub fn start(b2auth: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port_file = folder.path().join("port");
        let child = Command::new(b2auth)
            .args(["sandbox", "--limits", "off", "--qr-lifetime", "600", "--port-file"])
            .arg(&port_file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a sandbox");
        let host = format!("http://127.0.0.1:{}", port(&port_file));
        Self { child, host }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn port(file: &Path) -> u16 {
    loop {
        match std::fs::read_to_string(file).ok().and_then(|port| port.trim().parse().ok()) {
            Some(port) => return port,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// A signed-in phone that approves by the bare request.
pub struct Phone {
    http: reqwest::Client,
    url: String,
    session: Session,
}

impl Phone {
    pub async fn sign_in(host: &str) -> Self {
        let client = AuthClient::builder(host).build().expect("a client");
        let SignInStep::Start(start) = client.sign_in(Office::Front).current() else {
            panic!("the first step")
        };
        let SignInStep::Credentials(form) = start.open().await.expect("a wizard") else { panic!("a form") };
        let login = Credentials::new("plain@example.com", Password::new("Secret123"));
        let SignInStep::SignedIn(session) = form.submit(login).await.expect("signed in") else {
            panic!("no 2FA")
        };
        let http = HttpOptions::default().proxy(Proxy::Direct).client().expect("a client");
        Self { http, url: format!("{host}/api/v2/my/signin/tokens"), session }
    }

    pub async fn approve(&self, id: &str) {
        let token = self.session.access_token().await.expect("a token");
        let body = serde_json::json!({ "channelId": id });
        let request = self.http.post(&self.url).bearer_auth(token.expose()).json(&body);
        request.send().await.expect("sent").error_for_status().expect("approved");
    }
}
