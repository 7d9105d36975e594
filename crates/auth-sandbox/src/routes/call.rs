//! What an endpoint gets to know of a request.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use serde_json::{Map, Value};

use super::fields::Fields;
use crate::connection::Peer;
use crate::guard::bearer;
use crate::render::{Issue, Language, Refusal};

/// How much of a `User-Agent` is kept.
const LONGEST_AGENT: usize = 256;

/// The body of a request as bytes, for paths whose bodies are not JSON.
#[derive(Clone)]
pub(super) struct RawBody(pub(super) Bytes);

/// The body of a request after [`super::observe`] has read it. JSON whatever the content type says.
#[derive(Clone)]
pub(super) enum Body {
    Object(Map<String, Value>),
    NotAnObject,
    TooLarge,
}

/// One request; its body and token make it deliberately without `Debug`.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) ip: IpAddr,
    pub(super) language: Language,
    pub(super) bearer: Option<String>,
    /// The `User-Agent` header, shortened.
    pub(super) user_agent: Option<String>,
    query: Option<String>,
    body: Body,
}

impl Call {
    /// What the query says of this name, as it is written there: of several the last.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self.query.as_deref()?.rsplit('&');
        pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The body's object, if it is one.
    pub(super) fn object(&self) -> Option<&Map<String, Value>> {
        match &self.body {
            Body::Object(object) => Some(object),
            Body::NotAnObject | Body::TooLarge => None,
        }
    }

    /// The fields of the body.
    pub(super) fn fields(&self) -> Result<Fields<'_>, Refusal> {
        match &self.body {
            Body::Object(object) => Ok(Fields::of(object)),
            Body::TooLarge => Err(Refusal::TooLarge),
            Body::NotAnObject => Err(Refusal::BadInput(vec![Issue {
                field: "body",
                text: "The body must be a JSON object".to_owned(),
            }])),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>();
        Ok(Self {
            method: parts.method.clone(),
            ip: peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip()),
            language: text(&parts.headers, header::ACCEPT_LANGUAGE)
                .map_or(Language::default(), Language::preferred),
            bearer: text(&parts.headers, header::AUTHORIZATION).and_then(bearer).map(str::to_owned),
            user_agent: text(&parts.headers, header::USER_AGENT)
                .map(|agent| agent.chars().take(LONGEST_AGENT).collect()),
            query: parts.uri.query().map(str::to_owned),
            body: parts.extensions.remove::<Body>().unwrap_or(Body::NotAnObject),
        })
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
