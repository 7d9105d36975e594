//! A sign-in of three POSTs through `auth-client`, beside the same requests written by hand on reqwest, by turns in one
//! run. Prints the median of the paired ratios.

use async_trait::async_trait;
use auth_client::{
    AuthClient, Credentials, Office, SignInStep, Timestamp,
    ports::Clock,
    secret::{OneTimeCode, Password},
};
use floor::{BODIES, Responder, figure, median, pin_to, quantile};
use serde::Deserialize;
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

const ROUNDS: usize = 3000;
const WARM_UP: usize = 300;

/// A clock that goes on an hour a sign-in, so that the rate limiter of attempts is never used up.
#[derive(Clone, Default)]
struct Hours(Arc<AtomicI64>);

#[async_trait]
impl Clock for Hours {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + self.0.load(Ordering::Relaxed) * 3600).expect("in range")
    }

    async fn sleep(&self, _: Duration) {}
}

async fn ours(client: &AuthClient) -> Duration {
    let sign_in = client.sign_in(Office::Front);
    let SignInStep::Start(start) = sign_in.current() else { panic!("no start") };
    start.open().await.expect("a wizard");
    let SignInStep::Credentials(form) = sign_in.current() else { panic!("no form") };
    let started = Instant::now();
    let login = Credentials::new("ann@example.com", Password::new("Secret123"));
    let SignInStep::ChooseMethod(choice) = form.submit(login).await.expect("accepted") else { panic!() };
    let google =
        choice.options().iter().find(|option| option.method.as_str() == "google").expect("offered").method;
    let SignInStep::Code(code) = choice.choose(google).await.expect("chosen") else { panic!() };
    let SignInStep::SignedIn(session) = code.submit(OneTimeCode::new("123456")).await.expect("signed in")
    else {
        panic!()
    };
    let took = started.elapsed();
    assert_eq!(session.account(), "ann@example.com");
    took
}

#[derive(Deserialize)]
struct Answer {
    uuid: String,
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    #[serde(default)]
    access_token: Option<Token>,
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

/// The bytes on the wire are those that `auth-client` sends, ids apart.
async fn by_hand(client: &reqwest::Client, url: &str) -> Duration {
    let at = |call: usize| format!("{url}{}", BODIES[call].0);
    let id = || uuid::Uuid::new_v4().to_string();
    let post = |call: usize, body: serde_json::Value| {
        client.post(at(call)).header("X-Correlation-Id", id()).json(&body).send()
    };
    let wizard = client.get(at(0)).header("X-Correlation-Id", id()).send().await.expect("sent");
    let wizard: Answer = wizard.json().await.expect("an answer");
    let started = Instant::now();
    let body = json!({"uuid": wizard.uuid, "email": "ann@example.com", "password": "Secret123", "device_fingerprint": FINGERPRINT});
    let answer: Answer = post(1, body).await.expect("sent").json().await.expect("an answer");
    let body = json!({"uuid": answer.uuid, "type": "google"});
    let answer: Answer = post(2, body).await.expect("sent").json().await.expect("an answer");
    let body = json!({"uuid": answer.uuid, "code": "123456"});
    let answer: Answer = post(3, body).await.expect("sent").json().await.expect("an answer");
    let took = started.elapsed();
    assert!(!answer.data.access_token.expect("signed in").token.is_empty());
    took
}

const FINGERPRINT: &str = "eyJ1c2VyX2FnZW50IjoiYjJjb3JlLWF1dGgvMC4xLjAifQ==";

/// As a careful programmer sets it up.
fn bare_client() -> reqwest::Client {
    let accept = ("Accept", "application/json");
    let headers = [(accept.0.parse().expect("a name"), accept.1.parse().expect("a value"))];
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("b2core-auth/0.1.0")
        .default_headers(headers.into_iter().collect())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .build()
        .expect("a client")
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    pin_to(1);
    let (for_ours, for_hand) = (Responder::start(), Responder::start());
    pin_to(0);
    let clock = Hours::default();
    let client = AuthClient::builder(for_ours.url()).clock(clock.clone()).build().expect("a client");
    rustls::crypto::ring::default_provider().install_default().expect("none before");
    let bare = bare_client();
    let (mut us, mut hand, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS + WARM_UP {
        clock.0.fetch_add(1, Ordering::Relaxed);
        let (one, other);
        if round % 2 == 0 {
            one = runtime.block_on(ours(&client));
            other = runtime.block_on(by_hand(&bare, &for_hand.url()));
        } else {
            other = runtime.block_on(by_hand(&bare, &for_hand.url()));
            one = runtime.block_on(ours(&client));
        }
        if round >= WARM_UP {
            us.push(one.as_secs_f64() * 1e6);
            hand.push(other.as_secs_f64() * 1e6);
            ratios.push(one.as_secs_f64() / other.as_secs_f64());
        }
    }
    let (our_requests, our_connections) = for_ours.take_counts();
    let (hand_requests, hand_connections) = for_hand.take_counts();
    assert_eq!(our_requests, hand_requests, "equally many requests");
    println!("sign-in of three POSTs, {ROUNDS} rounds by turns");
    println!(
        "  auth-client          median {:>7.1} us   p90 {:>7.1}   {our_requests} requests, {our_connections} connections",
        median(&mut us),
        quantile(&mut us, 0.9)
    );
    println!(
        "  by hand on reqwest   median {:>7.1} us   p90 {:>7.1}   {hand_requests} requests, {hand_connections} connections",
        median(&mut hand),
        quantile(&mut hand, 0.9)
    );
    figure("sign-in, times the same by hand", median(&mut ratios), 1.10);
    figure("connections of all sign-ins", our_connections as f64, 1.0);
}
