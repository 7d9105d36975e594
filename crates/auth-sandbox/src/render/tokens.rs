//! Tokens in answers.

use serde_json::{Map, Value, json};

use super::time::iso;
use crate::dialect::{Dialect, Extra, NoToken, TokenShape};
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
    let mut fields = json!({
        "token": token.text,
        "createdAt": iso(token.created),
        "expiresAt": iso(token.expires),
    });
    if dialect.extra == Extra::On {
        fields["tokenType"] = json!("Bearer");
    }
    fields
}
