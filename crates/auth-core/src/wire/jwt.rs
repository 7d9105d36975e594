//! The dates that a token names itself, where it is a JSON Web Token (RFC 7519).
//!
//! The token is not verified, so its dates decide when it is refreshed, and nothing else.

use super::{Json, Value, dates::date};
use crate::{Timestamp, secret::SecretBytes};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

/// `exp` and `iat`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dates {
    pub(super) issued_at: Option<Timestamp>,
    pub(super) expires_at: Timestamp,
}

/// A longer token is not looked into, in bytes.
const MOST: usize = 16 * 1024;

/// The dates of a token, if it is a JSON Web Token with an end.
pub(super) fn dates(token: &str) -> Option<Dates> {
    let mut parts = token.split('.');
    let (_header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || token.len() > MOST {
        return None;
    }
    let claims = SecretBytes::new(BASE64_URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?);
    let json = Json::read(claims.expose())?;
    let at = |name| json.value().get(name).filter(|value| matches!(value, Value::Number(_))).and_then(date);
    Some(Dates { issued_at: at("iat"), expires_at: at("exp")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("eyJhbGciOiJIUzI1NiJ9.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn the_dates_of_a_web_token_are_read() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let both = dates(&token(r#"{"sub":"7","iat":1713784044,"exp":1713784944}"#));
        assert_eq!(both, Some(Dates { issued_at: Some(at(1_713_784_044)), expires_at: at(1_713_784_944) }));
        let end = dates(&token(r#"{"exp":1713784944.5}"#)).unwrap();
        assert_eq!((end.issued_at, end.expires_at.as_second()), (None, 1_713_784_944));
    }

    #[test]
    fn what_is_no_web_token_has_no_dates() {
        for text in [
            token("{}"),
            token(r#"{"exp":"1713784944"}"#),
            token(r#"{"exp":0}"#),
            token("[1]"),
            token("no JSON"),
            format!("{}.x", token(r#"{"exp":1713784944}"#)),
            "a.!!.c".to_owned(),
            "a.b".to_owned(),
            String::new(),
            token(&format!(r#"{{"exp":1713784944,"x":"{}"}}"#, "y".repeat(MOST))),
        ] {
            assert_eq!(dates(&text), None, "{text:.40}");
        }
    }
}
