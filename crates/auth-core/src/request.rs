//! From what the API wants to what goes on the wire.

use crate::{
    CorrelationId, Endpoint, Header, Host, HttpRequest, secret::AccessToken, secret::SecretBytes,
    wire::object,
};

/// A call of one endpoint with its body: everything but the host.
#[derive(Clone, Debug)]
pub struct ApiRequest {
    endpoint: Endpoint,
    body: Option<SecretBytes>,
    bearer: Option<AccessToken>,
}

/// What every request of one client carries.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The host to call.
    pub host: Host,
    /// `User-Agent`, the same text as in the device fingerprint.
    pub user_agent: String,
    /// `Accept-Language`: the language of the host's own texts.
    pub language: Option<String>,
}

impl ApiRequest {
    pub(crate) fn without_body(endpoint: Endpoint) -> Self {
        Self { endpoint, body: None, bearer: None }
    }

    /// A request with a flat JSON object of texts: all that the documented bodies need.
    pub(crate) fn with_fields(endpoint: Endpoint, fields: &[(&str, &str)]) -> Self {
        let room = fields.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
        let body = object(room, |to| fields.iter().for_each(|(name, value)| to.put(name, *value)));
        Self { endpoint, body: Some(body), bearer: None }
    }

    pub(crate) fn with_bearer(endpoint: Endpoint, token: AccessToken) -> Self {
        Self { endpoint, body: None, bearer: Some(token) }
    }

    /// The endpoint that is called.
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The whole address on a host.
    pub fn url(&self, host: &Host) -> String {
        host.url(self.endpoint.path())
    }

    /// The request as it is sent.
    pub fn into_http(self, context: &RequestContext, correlation_id: CorrelationId) -> HttpRequest {
        let mut headers = vec![
            Header::new("Accept", "application/json"),
            Header::new("User-Agent", header_text(&context.user_agent)),
            Header::new(CorrelationId::HEADER, correlation_id.as_str()),
        ];
        if let Some(language) = &context.language {
            headers.push(Header::new("Accept-Language", header_text(language)));
        }
        if self.body.is_some() {
            headers.push(Header::new("Content-Type", "application/json"));
        }
        if let Some(token) = &self.bearer {
            headers.push(Header::new("Authorization", format!("Bearer {}", token.expose())));
        }
        HttpRequest {
            method: self.endpoint.method(),
            url: self.url(&context.host),
            path: self.endpoint.path(),
            headers,
            body: self.body,
            correlation_id,
        }
    }
}

/// Keeps a configured text from breaking out of its header.
fn header_text(text: &str) -> String {
    let fits = |c: &char| matches!(c, ' '..='~');
    if text.chars().all(|c| fits(&c)) { text.to_owned() } else { text.chars().filter(fits).collect() }
}
