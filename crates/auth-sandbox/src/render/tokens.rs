//! Tokens in answers.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::time::iso;
use crate::dialect::{Dates, Dialect, Extra, NoToken, TokenShape};
use crate::tokens::{Pair, Token};

/// The two token fields of an answer that carries tokens.
pub(super) fn pair(dialect: &Dialect, pair: &Pair) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("accessToken".into(), token(dialect, &pair.access));
    fields.insert("refreshToken".into(), token(dialect, &pair.refresh));
    fields
}

/// The two token fields of a wizard's answer that carries none.
pub(super) fn none(dialect: &Dialect) -> Map<String, Value> {
    let nothing = match dialect.no_token {
        NoToken::Null => Value::Null,
        NoToken::Object => json!({}),
        NoToken::Array => json!([]),
        NoToken::Missing => return Map::new(),
    };
    let mut fields = Map::new();
    fields.insert("accessToken".into(), nothing.clone());
    fields.insert("refreshToken".into(), nothing);
    fields
}

/// Puts fields at the top of the body or under `data`.
pub(super) fn placed(shape: TokenShape, fields: Map<String, Value>) -> Map<String, Value> {
    match shape {
        TokenShape::Top => fields,
        TokenShape::Data => {
            let mut body = Map::new();
            body.insert("code".into(), json!(200));
            body.insert("data".into(), fields.into());
            body
        }
    }
}

fn token(dialect: &Dialect, token: &Token) -> Value {
    let mut fields = json!({ "token": token.text });
    for (name, date) in [("createdAt", token.created), ("expiresAt", token.expires)] {
        if let Some(date) = written(dialect.dates, date) {
            fields[name] = date;
        }
    }
    if dialect.extra == Extra::On {
        fields["tokenType"] = json!("Bearer");
    }
    fields
}

/// A date as this dialect writes it.
fn written(dates: Dates, date: Timestamp) -> Option<Value> {
    Some(match dates {
        Dates::Iso => json!(iso(date)),
        Dates::Php => {
            let date = date.strftime("%Y-%m-%d %H:%M:%S.000000").to_string();
            json!({ "date": date, "timezone_type": 3, "timezone": "UTC" })
        }
        Dates::Milliseconds => json!(date.as_millisecond()),
        Dates::SecondsText => json!(date.as_second().to_string()),
        Dates::Mail => json!(date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()),
        Dates::Missing => return None,
    })
}
