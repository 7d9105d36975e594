//! JWTs (RS256) signed with a key that everybody has.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::json;

use super::{Pair, Token};
use crate::clock::{after, whole_seconds};
use crate::settings::Lifetimes;

/// The `kid` of the only key.
const KEY_ID: &str = "sandbox-1";
/// The public half, as PEM.
pub(crate) const PUBLIC_PEM: &str = include_str!("../keys/sandbox-signing.pub.pem");
/// The private half: deliberately public and worthless, see the README beside it.
const PRIVATE_DER: &[u8] = include_bytes!("../keys/sandbox-signing.pk8.der");

/// Signing failed: no random numbers for blinding.
#[derive(Debug)]
pub(crate) struct SigningFailed;

/// Makes the tokens of one sandbox.
pub(crate) struct Signer {
    key: RsaKeyPair,
    issuer: String,
    /// The newest `iat_mt` in microseconds; each token gets a later one, so no two tokens are equal.
    newest: AtomicI64,
}

impl Signer {
    pub(crate) fn new(issuer: String) -> Result<Self, SigningFailed> {
        let key = RsaKeyPair::from_pkcs8(PRIVATE_DER).map_err(|_| SigningFailed)?;
        Ok(Self { key, issuer, newest: AtomicI64::new(0) })
    }

    /// A fresh pair for this client.
    pub(crate) fn pair(
        &self,
        client_id: u64,
        lifetimes: Lifetimes,
        now: Timestamp,
    ) -> Result<Pair, SigningFailed> {
        Ok(Pair {
            access: self.token(client_id, now, lifetimes.access)?,
            refresh: self.token(client_id, now, lifetimes.refresh)?,
        })
    }

    /// The public key as a JSON Web Key Set.
    pub(crate) fn jwks(&self) -> serde_json::Value {
        let public = PublicKeyComponents::<Vec<u8>>::from(self.key.public());
        json!({ "keys": [{
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": KEY_ID,
            "n": URL_SAFE_NO_PAD.encode(public.n),
            "e": URL_SAFE_NO_PAD.encode(public.e),
        }] })
    }

    fn token(&self, client_id: u64, now: Timestamp, life: Duration) -> Result<Token, SigningFailed> {
        let created = whole_seconds(now);
        let expires = whole_seconds(after(created, life));
        let micros = self.distinct_micros(now);
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": KEY_ID });
        let claims = json!({
            "iat": created.as_second(),
            "nbf": created.as_second(),
            "exp": expires.as_second(),
            "iss": self.issuer,
            "sub": client_id.to_string(),
            "iat_mt": format!("{}.{:06}", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000)),
        });
        let mut text = URL_SAFE_NO_PAD.encode(header.to_string());
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut text);
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| SigningFailed)?;
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut text);
        Ok(Token { text, created, expires })
    }

    fn distinct_micros(&self, now: Timestamp) -> i64 {
        let now = now.as_microsecond();
        let next = |newest: i64| now.max(newest.saturating_add(1));
        let before =
            self.newest.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |newest| Some(next(newest)));
        next(before.unwrap_or_default())
    }
}
