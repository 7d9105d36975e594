//! The middleware against a host with a protected resource: whose token it carries, and what it does about a 401.

mod profiles;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth_client::middleware::Bearer;
use auth_client::ports::Clock;
use auth_client::reqwest_middleware::{self, ClientBuilder, ClientWithMiddleware};
use auth_client::secret::Password;
use auth_client::{
    AuthClient, BootTime, Credentials, Office, Session, SignInStep, SystemClock, Timestamp, TokenScope,
    reqwest,
};
use auth_sandbox::Sandbox;
use e2e::past::block_on;
use e2e::raw_host::{Answer, RawHost, json_bytes};
use serde_json::json;

/// The system's clocks, so many seconds ahead.
#[derive(Clone, Default)]
struct Ahead(Arc<AtomicU64>);

impl Ahead {
    fn by(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_add(self.by()).expect("a date")
    }

    fn boot_time(&self) -> Option<BootTime> {
        SystemClock.boot_time().map(|boot| BootTime { elapsed: boot.elapsed + self.by(), ..boot })
    }

    async fn sleep(&self, how_long: Duration) {
        SystemClock.sleep(how_long).await;
    }
}

async fn signed_in(host: &str, clock: &Ahead) -> Session {
    sign_in(&AuthClient::builder(host).clock(clock.clone()).build().expect("a client"), "plain@example.com")
        .await
}

async fn sign_in(client: &AuthClient, email: &str) -> Session {
    let sign_in = client.sign_in(Office::Front);
    let SignInStep::Start(start) = sign_in.current() else { panic!("no start") };
    let SignInStep::Credentials(form) = start.open().await.expect("a wizard") else { panic!("no form") };
    let login = Credentials::new(email, Password::new("Secret123"));
    let SignInStep::SignedIn(session) = form.submit(login).await.expect("accepted") else { panic!("not in") };
    session
}

fn http(session: &Session) -> ClientWithMiddleware {
    let plain = reqwest::Client::builder().no_proxy().build().expect("a client");
    ClientBuilder::new(plain).with(Bearer::of(session.clone())).build()
}

fn refreshes(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count()
}

#[test]
fn requests_to_the_host_carry_the_token_and_others_do_not() {
    let sandbox = Sandbox::start().unwrap();
    let stranger = RawHost::start(|_| Answer::Bytes(json_bytes(200, &json!({}))));
    block_on(async {
        let session = signed_in(sandbox.url(), &Ahead::default()).await;
        let http = http(&session);
        let who = http.get(format!("{}/_sandbox/whoami", sandbox.url())).send().await.unwrap();
        assert_eq!(who.status(), 200);
        http.get(stranger.url()).send().await.unwrap();
        let mut request = reqwest::Request::new(reqwest::Method::GET, stranger.url().parse().unwrap());
        session.authorize(&mut request).await.err().expect("another host");
        assert!(request.headers().is_empty());
    });
    let seen = stranger.requests();
    assert!(!format!("{seen:?}").to_lowercase().contains("bearer"), "{seen:?}");
}

#[test]
fn the_token_of_one_tenant_goes_to_no_other_unless_it_is_said_so() {
    let sandbox = Sandbox::builder().base_path("/tenant-a").start().unwrap();
    let origin = sandbox.url().strip_suffix("/tenant-a").unwrap();
    let (below, beside) = (format!("{}/_sandbox/whoami", sandbox.url()), format!("{origin}/_sandbox/whoami"));
    block_on(async {
        let session = signed_in(sandbox.url(), &Ahead::default()).await;
        let wider = TokenScope::new([origin]).unwrap();
        let plain = reqwest::Client::builder().no_proxy().build().unwrap();
        let within =
            ClientBuilder::new(plain).with(Bearer::of(session.clone()).within(wider.clone())).build();
        for (http, url, status) in
            [(&http(&session), &below, 200), (&http(&session), &beside, 401), (&within, &beside, 200)]
        {
            assert_eq!(http.get(url).send().await.unwrap().status(), status, "{url}");
        }
        let to = |url: &str| reqwest::Request::new(reqwest::Method::GET, url.parse().unwrap());
        for way_out in [&beside, &format!("{origin}/tenant-ab/x"), &format!("{below}/..%2f..%2f..%2fx")] {
            let mut request = to(way_out);
            session.authorize(&mut request).await.err().expect("out of the base path");
            assert!(request.headers().is_empty(), "{way_out}");
        }
        let mut request = to(&beside);
        session.authorize_within(&mut request, &wider).await.expect("within");
        assert!(request.headers().contains_key("authorization"));
    });
}

#[test]
fn an_authorization_of_ones_own_is_left_alone() {
    let sandbox = Sandbox::start().unwrap();
    block_on(async {
        let http = http(&signed_in(sandbox.url(), &Ahead::default()).await);
        let url = format!("{}/_sandbox/whoami", sandbox.url());
        assert_eq!(http.get(url).bearer_auth("mine").send().await.unwrap().status(), 401);
    });
    assert_eq!(refreshes(&sandbox), 0);
}

#[test]
fn a_body_that_cannot_be_sent_twice_is_not() {
    let refused = Arc::<AtomicUsize>::default();
    let host = revoking_host(refused.clone());
    block_on(async {
        let clock = Ahead::default();
        let http = http(&signed_in(&host.url(), &clock).await);
        clock.0.store(120, Ordering::SeqCst);
        let orders = format!("{}/orders", host.url());
        let body = reqwest::Body::wrap(Once(Some("order")));
        assert_eq!(http.post(&orders).body(body).send().await.unwrap().status(), 401);
        assert_eq!(
            http.post(&orders).body("again").send().await.unwrap().status(),
            200,
            "the next one goes through"
        );
    });
    assert_eq!(refused.load(Ordering::SeqCst), 1);
    assert_eq!(host.count("/orders"), 2);
}

/// A body that is read as it goes out.
struct Once(Option<&'static str>);

impl http_body::Body for Once {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::task::Poll::Ready(
            self.0.take().map(|text| Ok(http_body::Frame::data(bytes::Bytes::from_static(text.as_bytes())))),
        )
    }
}

/// A host that refuses every token but the newest. Refreshed once, it gives `access-2`.
fn revoking_host(refused: Arc<AtomicUsize>) -> RawHost {
    let start = "2026-01-01T00:00:00Z";
    let pair = move |n: u32| {
        json!({
            "accessToken": {"token": format!("access-{n}"), "createdAt": start, "expiresAt": "2026-01-01T00:15:00Z"},
            "refreshToken": {"token": format!("refresh-{n}"), "createdAt": start, "expiresAt": "2026-01-02T00:00:00Z"},
        })
    };
    RawHost::start(move |request| {
        let answer = match request.path.as_str() {
            "/api/v2/my/signin/wizard" => {
                json!({"code": 200, "data": {}, "done": false, "uuid": "u", "workflow": "login"})
            }
            "/api/v2/my/signin" => {
                json!({"code": 202, "data": pair(1), "done": true, "uuid": "u", "workflow": "login"})
            }
            "/api/v2/my/refresh" => pair(2),
            _ if request.header("authorization") == Some("Bearer access-2") => {
                json!({"sent": String::from_utf8_lossy(&request.body)})
            }
            _ => {
                refused.fetch_add(1, Ordering::SeqCst);
                return Answer::Bytes(json_bytes(
                    401,
                    &json!({"error": {"code": 0, "message": "Unauthorized"}}),
                ));
            }
        };
        Answer::Bytes(json_bytes(200, &answer))
    })
}

#[test]
fn a_401_is_sent_again_once_with_a_refreshed_token() {
    let refused = Arc::<AtomicUsize>::default();
    let host = revoking_host(refused.clone());
    block_on(async {
        let clock = Ahead::default();
        let http = http(&signed_in(&host.url(), &clock).await);
        // A token that has just come is not refused for its age.
        clock.0.store(120, Ordering::SeqCst);
        let calls =
            (0..20).map(|n| http.post(format!("{}/orders", host.url())).body(format!("order {n}")).send());
        for (n, answer) in futures(calls).await.into_iter().enumerate() {
            assert_eq!(answer.status(), 200, "{n}");
            assert!(answer.text().await.unwrap().contains(&format!("order {n}")));
        }
    });
    assert!(refused.load(Ordering::SeqCst) <= 20, "each request was sent at most twice");
    assert_eq!(host.count("/refresh"), 1, "one refresh serves all");
}

async fn futures(
    calls: impl Iterator<
        Item = impl Future<Output = reqwest_middleware::Result<reqwest::Response>> + Send + 'static,
    >,
) -> Vec<reqwest::Response> {
    let tasks: Vec<_> = calls.map(tokio::spawn).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("no panic").expect("an answer"));
    }
    answers
}
