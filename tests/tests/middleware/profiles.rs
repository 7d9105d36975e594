//! One middleware for all profiles of a client: whose token a request gets, and when it gets none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_client::http::HttpOptions;
use auth_client::middleware::Bearer;
use auth_client::reqwest_middleware::{self, ClientBuilder, ClientWithMiddleware};
use auth_client::{AuthClient, Office, Profile};
use auth_sandbox::{Sandbox, Users};
use e2e::past::block_on;
use e2e::raw_host::{Answer, RawHost, json_bytes};
use serde_json::{Value, json};

use super::{Ahead, futures, refreshes, revoking_host, sign_in};

const USERS: &str = r#"
[[user]]
email = "ann@example.com"
password = "Secret123"
office = "front"

[[user]]
email = "bob@example.com"
password = "Secret123"
office = "front"
"#;

fn profile(name: &str) -> Profile {
    name.parse().expect("a name")
}

fn client(host: &str, clock: &Ahead) -> AuthClient {
    AuthClient::builder(host).clock(clock.clone()).build().expect("a client")
}

/// A middleware for all profiles, on the client that has the transport's options.
fn http(client: &AuthClient) -> ClientWithMiddleware {
    let plain = HttpOptions::default().client().expect("a client");
    ClientBuilder::new(plain).with(Bearer::for_client(client.clone(), Office::Front)).build()
}

async fn who(answer: reqwest_middleware::RequestBuilder) -> String {
    let answer = answer.send().await.expect("an answer").text().await.expect("a body");
    let json: Value = serde_json::from_str(&answer).expect("JSON");
    json["email"].as_str().unwrap_or(&answer).to_owned()
}

#[test]
fn each_request_gets_the_token_of_its_own_profile() {
    let sandbox = Sandbox::builder().users(Users::from_toml(USERS).unwrap()).start().unwrap();
    block_on(async {
        let client = client(sandbox.url(), &Ahead::default());
        sign_in(&client, "ann@example.com").await;
        let bob = sign_in(&client.for_profile(profile("bob")), "bob@example.com").await;
        let http = http(&client);
        let get = || http.get(format!("{}/_sandbox/whoami", sandbox.url()));
        assert_eq!(who(get()).await, "ann@example.com", "the client's own profile");
        assert_eq!(who(get().with_extension(client.profile().clone())).await, "ann@example.com");
        assert_eq!(who(get().with_extension(profile("bob"))).await, "bob@example.com");
        assert_eq!(who(get().with_extension(bob)).await, "bob@example.com", "a session of the caller's");
    });
    assert_eq!(refreshes(&sandbox), 0);
}

#[test]
fn a_profile_that_nobody_is_signed_in_to_sends_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let stranger = RawHost::start(|_| Answer::Bytes(json_bytes(200, &json!({}))));
    block_on(async {
        let client = client(sandbox.url(), &Ahead::default());
        sign_in(&client, "plain@example.com").await;
        let before = sandbox.requests().len();
        let http = http(&client);
        let get = |url: String| http.get(url).with_extension(profile("nobody")).send();
        let error = get(format!("{}/_sandbox/whoami", sandbox.url())).await.unwrap_err();
        assert!(error.to_string().contains("not signed in"), "{error}");
        assert_eq!(sandbox.requests().len(), before);
        // Another host's request has nothing to do with who is signed in here.
        assert_eq!(get(stranger.url()).await.unwrap().status(), 200);
    });
    assert!(!format!("{:?}", stranger.requests()).to_lowercase().contains("bearer"));
}

#[test]
fn requests_of_one_profile_share_a_refresh() {
    let refused = Arc::<AtomicUsize>::default();
    let host = revoking_host(refused.clone());
    block_on(async {
        let clock = Ahead::default();
        let client = client(&host.url(), &clock);
        sign_in(&client.for_profile(profile("ann")), "ann@example.com").await;
        // A token that has just come is not refused for its age.
        clock.0.store(120, Ordering::SeqCst);
        let http = http(&client);
        let orders = format!("{}/orders", host.url());
        let calls = (0..20)
            .map(|n| http.post(&orders).with_extension(profile("ann")).body(format!("order {n}")).send());
        for (n, answer) in futures(calls).await.into_iter().enumerate() {
            assert_eq!(answer.status(), 200, "{n}");
            assert!(answer.text().await.unwrap().contains(&format!("order {n}")));
        }
    });
    assert!(refused.load(Ordering::SeqCst) <= 20, "each request was sent at most twice");
    assert_eq!(host.count("/refresh"), 1, "one refresh serves all");
}
