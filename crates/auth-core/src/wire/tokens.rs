//! Finding a token pair in an answer.

use super::{Json, Value, dates::date, jwt};
use crate::{
    IssuedToken, TokenPair,
    secret::{AccessToken, RefreshToken},
};

/// A complete pair: at top level, under `data`, or under `tokens` in either. "No token" is `null`, `{}`, `[]`, an empty text, or
/// no field.
pub(crate) fn pair(answer: &Json<'_>) -> Option<TokenPair> {
    places(answer).find_map(|place| {
        let access = with_own_dates(token(place.get("accessToken")?)?);
        let refresh = token(place.get("refreshToken")?)?;
        Some(TokenPair { access: access.map(AccessToken::new), refresh: refresh.map(RefreshToken::new) })
    })
}

/// An access token where no refresh token came with it: the answer to a refresh after which the old refresh token stays in use
/// (RFC 6749, section 6).
pub(crate) fn access_alone(answer: &Json<'_>) -> Option<IssuedToken<AccessToken>> {
    let has_refresh = |place: &Value<'_>| place.get("refreshToken").is_some_and(|value| !is_none(value));
    if places(answer).any(has_refresh) {
        return None;
    }
    let access = places(answer).find_map(|place| token(place.get("accessToken")?))?;
    Some(with_own_dates(access).map(AccessToken::new))
}

/// "No token", in each way that hosts say it.
fn is_none(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(_) => value.get("token").is_none_or(is_none),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// True if [`pair`] finds one.
pub(crate) fn has_pair(answer: &Json<'_>) -> bool {
    let has = |place: &Value<'_>, name| place.get(name).and_then(letters).is_some();
    places(answer).any(|place| has(place, "accessToken") && has(place, "refreshToken"))
}

/// True if the answer has one token where it should have two.
pub(crate) fn partial_pair(answer: &Json<'_>) -> bool {
    let has = |name| places(answer).filter_map(|p| p.get(name)).any(|v| letters(v).is_some());
    !has_pair(answer) && (has("accessToken") || has("refreshToken"))
}

/// Where a pair can be.
fn places<'a>(answer: &'a Json<'_>) -> impl Iterator<Item = &'a Value<'a>> {
    [answer.value(), answer.data()].into_iter().flat_map(|place| [Some(place), place.get("tokens")]).flatten()
}

/// The token's text, if it can be sent in a header: visible ASCII only.
fn letters<'a>(value: &'a Value<'_>) -> Option<&'a str> {
    let token = value.get("token")?.as_str()?;
    (!token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic())).then_some(token)
}

fn token<'a>(value: &'a Value<'_>) -> Option<IssuedToken<&'a str>> {
    let at = |name| value.get(name).and_then(date);
    Some(IssuedToken { token: letters(value)?, created_at: at("createdAt"), expires_at: at("expiresAt") })
}

/// Where the host gave no end, the one that the token names itself: it says when to refresh, and nothing more.
fn with_own_dates(mut access: IssuedToken<&str>) -> IssuedToken<&str> {
    if access.expires_at.is_none()
        && let Some(claims) = jwt::dates(access.token)
    {
        access.created_at = access.created_at.or(claims.issued_at);
        access.expires_at = Some(claims.expires_at);
    }
    access
}

impl IssuedToken<&str> {
    fn map<T>(self, wrap: impl FnOnce(String) -> T) -> IssuedToken<T> {
        IssuedToken {
            token: wrap(self.token.to_owned()),
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pair_is_found_at_every_place() {
        let tokens = json!({"accessToken": {"token": "a", "createdAt": "2024-04-22T11:07:24+00:00"},
                            "refreshToken": {"token": "r", "expiresAt": false}});
        for answer in [
            tokens.clone(),
            json!({"data": tokens}),
            json!({"accessToken": null, "data": tokens}),
            json!({"clientId": 1, "tokens": tokens}),
            json!({"data": {"tokens": tokens}}),
        ] {
            let answer = answer.to_string();
            let pair = pair(&Json::read(answer.as_bytes()).unwrap()).unwrap();
            assert_eq!((pair.access.token.expose(), pair.refresh.token.expose()), ("a", "r"));
            assert!(pair.access.created_at.is_some() && pair.refresh.expires_at.is_none());
        }
    }

    #[test]
    fn anything_less_is_no_pair() {
        let good = json!({"token": "t"});
        for bad in [
            json!(null),
            json!({}),
            json!([]),
            json!("t"),
            json!({"token": ""}),
            json!({"token": 5}),
            json!({"token": "a\r\nX: y"}),
            json!({"token": null}),
        ] {
            let one = json!({"accessToken": good, "refreshToken": bad});
            assert_eq!(found(&one), (false, true), "{bad}");
            let none = json!({"data": {"accessToken": bad, "refreshToken": bad}});
            assert_eq!(found(&none), (false, false), "{bad}");
        }
        let torn = json!({"accessToken": good, "data": {"refreshToken": good}});
        assert_eq!(found(&torn), (false, true));
    }

    /// Whether there is a pair, and a part of one.
    fn found(answer: &serde_json::Value) -> (bool, bool) {
        let answer = answer.to_string();
        let answer = Json::read(answer.as_bytes()).unwrap();
        (pair(&answer).is_some(), partial_pair(&answer))
    }
}
