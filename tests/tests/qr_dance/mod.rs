//! QR sign-in from end to end in one process: a display and a phone over real sockets, and what can go wrong between them.

mod crowd;
mod interruptions;
mod outcomes;

use auth_client::http::{HttpOptions, HttpTransport};
use auth_client::secret::Password;
use auth_client::{
    AuthClient, Credentials, Office, QrRequest, QrSignIn, QrState, QrStates, ScanSource, Session, SignInStep,
};
use auth_sandbox::{Limits, Sandbox};
use e2e::hand_clock::HandClock;

const EMAIL: &str = "plain@example.com";

/// A sandbox that counts no attempts.
fn sandbox() -> Sandbox {
    Sandbox::builder().limits(Limits::off()).start().expect("the sandbox starts")
}

fn client(host: &str) -> AuthClient {
    client_at(host, HandClock::default())
}

fn client_at(host: &str, clock: HandClock) -> AuthClient {
    AuthClient::builder(host)
        .transport(HttpTransport::new(HttpOptions::default()))
        .clock(clock)
        .limits(auth_client::Limits::unlimited())
        .build()
        .expect("a client")
}

/// A phone that is signed in.
async fn phone(host: &str) -> Session {
    sign_in(&client(host)).await
}

async fn sign_in(client: &AuthClient) -> Session {
    let SignInStep::Start(start) = client.sign_in(Office::Front).current() else { panic!("the first step") };
    let SignInStep::Credentials(form) = start.open().await.expect("a wizard") else { panic!("a form") };
    let login = Credentials::new(EMAIL, Password::new("Secret123"));
    let SignInStep::SignedIn(session) = form.submit(login).await.expect("signed in") else {
        panic!("no 2FA")
    };
    session
}

/// A display that shows its first code.
struct Screen {
    sign_in: QrSignIn,
    states: QrStates,
    /// The code that is shown.
    payload: String,
}

impl Screen {
    async fn show(client: &AuthClient) -> Self {
        let sign_in = client.qr_sign_in();
        let mut states = sign_in.states();
        let shown = next(&mut states).await;
        assert_eq!(shown.name(), "shown");
        let payload = payload(&shown);
        Self { sign_in, states, payload }
    }

    async fn next(&mut self) -> QrState {
        let state = next(&mut self.states).await;
        if state.code().is_some() {
            self.payload = payload(&state);
        }
        state
    }

    /// The next states are these.
    async fn goes_through(&mut self, names: &[&str]) {
        for name in names {
            assert_eq!(self.next().await.name(), *name);
        }
    }

    /// It ends with this error.
    async fn fails(&mut self) -> &'static str {
        let error = self.states.next().await.expect("an error").expect_err("no state");
        assert!(self.states.next().await.is_none() && self.sign_in.is_ended());
        error.cause.kind()
    }

    async fn scan(&self, phone: &Session) -> QrRequest {
        phone.inspect_qr(&self.payload, ScanSource::Camera).await.expect("a code of this host")
    }
}

async fn next(states: &mut QrStates) -> QrState {
    states.next().await.expect("a state").expect("no error")
}

fn payload(state: &QrState) -> String {
    state.code().expect("a code").payload().expose().to_owned()
}

/// What a failed approval is called.
async fn refused(request: &QrRequest) -> &'static str {
    request.approve().await.expect_err("not approved").cause.kind()
}
