//! Tokens: their form, signature, life, rotation and end.

use std::time::Duration;

use auth_sandbox::Sandbox;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::support::Rig;

fn part(token: &str, place: usize) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(place).unwrap()).unwrap()
}

fn object(token: &str, place: usize) -> Value {
    serde_json::from_slice(&part(token, place)).unwrap()
}

#[tokio::test]
async fn tokens_carry_the_documented_claims() {
    let rig = Rig::new();
    let (access, refresh) = rig.enter("plain@example.com").await.tokens();
    for (token, life, mt) in [(&access, 900, "1740830400.250000"), (&refresh, 3600, "1740830400.250001")] {
        assert_eq!(object(token, 0), json!({ "typ": "JWT", "alg": "RS256", "kid": "sandbox-1" }));
        let now = rig.now().as_second();
        assert_eq!(
            object(token, 1),
            json!({
                "iat": now, "nbf": now, "exp": now + life,
                "iss": format!("http://127.0.0.1:{}", rig.sandbox.port()),
                "sub": "101",
                "iat_mt": mt,
            })
        );
    }
}

/// The same is checked with the `openssl` command in the end-to-end tests.
#[tokio::test]
async fn signatures_verify_with_the_published_key() {
    let rig = Rig::new();
    let (access, refresh) = rig.enter("plain@example.com").await.tokens();
    let jwks = rig.get("/.well-known/jwks.json").await.json();
    let key = &jwks["keys"][0];
    assert_eq!(
        (&key["kty"], &key["alg"], &key["use"], &key["kid"]),
        (&json!("RSA"), &json!("RS256"), &json!("sig"), &json!("sandbox-1"))
    );
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let public = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    for token in [&access, &refresh] {
        let (signed, _) = token.rsplit_once('.').unwrap();
        let signature = part(token, 2);
        public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).unwrap();
        let other = signed.replacen('e', "f", 1);
        public.verify(&RSA_PKCS1_2048_8192_SHA256, other.as_bytes(), &signature).unwrap_err();
    }

    let pem = rig.get("/_sandbox/jwt.pem").await.text;
    assert_eq!(pem, rig.sandbox.jwt_public_pem());
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body).unwrap();
    assert!(der.windows(public.n.len()).any(|window| window == public.n), "the PEM holds the same modulus");
}

#[tokio::test]
async fn no_two_tokens_are_equal() {
    let rig = Rig::new();
    let one = rig.enter("plain@example.com").await.tokens();
    let two = rig.enter("plain@example.com").await.tokens();
    assert_ne!(one.0, two.0);
    assert_ne!(one.1, two.1);
    assert_ne!(one.0, one.1);
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair_at_the_top_of_the_body() {
    let rig = Rig::new();
    let (access, refresh) = rig.enter("plain@example.com").await.tokens();
    rig.seconds(600);
    let reply = rig.refresh(&refresh).await;
    assert_eq!(reply.status, 200);
    let body = reply.json();
    assert_eq!(body.as_object().unwrap().len(), 2);
    assert_eq!(body["accessToken"]["createdAt"], "2025-03-01T12:10:00+00:00");
    let (next_access, next_refresh) = reply.tokens();
    assert_eq!(rig.who_am_i(&access).await, 200, "the old access token serves until it expires");
    assert_eq!(rig.who_am_i(&next_access).await, 200);
    assert_eq!(rig.refresh(&next_refresh).await.status, 200);
}

#[tokio::test]
async fn a_spent_refresh_token_ends_its_whole_family() {
    let rig = Rig::new();
    let (other_access, _) = rig.enter("plain@example.com").await.tokens();
    let (access, stolen) = rig.enter("plain@example.com").await.tokens();
    let (next_access, next_refresh) = rig.refresh(&stolen).await.tokens();

    let reply = rig.refresh(&stolen).await;
    assert_eq!((reply.status, reply.issues().len()), (401, 1));
    assert_eq!(rig.refresh(&next_refresh).await.status, 401);
    assert_eq!(rig.who_am_i(&next_access).await, 401);
    assert_eq!(rig.who_am_i(&access).await, 401);
    assert_eq!(rig.who_am_i(&other_access).await, 200, "another sign-in is another family");
}

#[tokio::test]
async fn a_grace_window_forgives_a_spent_token_for_a_while() {
    let rig = Rig::with(Sandbox::builder().refresh_grace(Duration::from_secs(30)));
    let (_, first) = rig.enter("plain@example.com").await.tokens();
    let (second_access, second) = rig.refresh(&first).await.tokens();
    rig.seconds(29);
    let (third_access, _) = rig.refresh(&first).await.tokens();
    assert_eq!(rig.who_am_i(&second_access).await, 200);
    assert_eq!(rig.who_am_i(&third_access).await, 200);
    assert_eq!(rig.refresh(&second).await.status, 200, "whichever answer came through can be gone on with");
    rig.seconds(1);
    assert_eq!(rig.refresh(&first).await.status, 401, "the window does not begin anew");
    assert_eq!(rig.who_am_i(&third_access).await, 401);
}

#[tokio::test]
async fn tokens_expire_by_the_clock() {
    let lifetimes = (Duration::from_secs(10), Duration::from_secs(20));
    let rig = Rig::with(Sandbox::builder().token_lifetimes(lifetimes.0, lifetimes.1));
    let (access, refresh) = rig.enter("plain@example.com").await.tokens();
    rig.pass(Duration::from_millis(9_700));
    assert_eq!(rig.who_am_i(&access).await, 200);
    rig.pass(Duration::from_millis(100));
    assert_eq!(rig.who_am_i(&access).await, 401);
    assert_eq!(rig.post_bearer("/api/v2/my/signout", &access).await.status, 401);
    rig.seconds(10);
    assert_eq!(rig.refresh(&refresh).await.status, 401);
}

#[tokio::test]
async fn kinds_of_token_are_not_interchangeable() {
    let rig = Rig::new();
    let (access, refresh) = rig.enter("plain@example.com").await.tokens();
    assert_eq!(rig.refresh(&access).await.status, 401);
    assert_eq!(rig.who_am_i(&refresh).await, 401);
    assert_eq!(rig.post_bearer("/api/v2/my/signout", &refresh).await.status, 401);
    let no_bearer = rig.post("/api/v2/my/signout", json!({})).await;
    assert_eq!((no_bearer.status, no_bearer.issues().len()), (401, 1));
}

#[tokio::test]
async fn sign_out_after_a_refresh_ends_both_pairs() {
    let rig = Rig::new();
    let (old_access, refresh) = rig.enter("plain@example.com").await.tokens();
    let (access, refresh) = rig.refresh(&refresh).await.tokens();
    assert_eq!(rig.post_bearer("/api/v2/my/signout", &access).await.status, 200);
    assert_eq!(rig.who_am_i(&old_access).await, 401);
    assert_eq!(rig.refresh(&refresh).await.status, 401);
}
