//! Calls of the API, and the HTTP requests that they become.

use crate::{
    CorrelationId, Endpoint, Header, Host, HttpRequest, HttpResponse, secret::AccessToken,
    secret::SecretBytes, wire::object,
};

/// A call of an endpoint with its body, without the host.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct ApiRequest {
    endpoint: Endpoint,
    body: Option<SecretBytes>,
    bearer: Option<AccessToken>,
}

/// What all requests of a client have in common.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The host to call.
    pub host: Host,
    /// `User-Agent`, the same text as in the device fingerprint.
    pub user_agent: String,
    /// `Accept-Language`: the language of the host's texts. `None`: the host chooses.
    pub language: Option<String>,
}

impl ApiRequest {
    pub(crate) fn without_body(endpoint: Endpoint) -> Self {
        Self { endpoint, body: None, bearer: None }
    }

    /// A request whose body is a flat JSON object of texts, as all documented bodies are.
    pub(crate) fn with_fields(endpoint: Endpoint, fields: &[(&str, &str)]) -> Self {
        let room = fields.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
        let body = object(room, |to| fields.iter().for_each(|(name, value)| to.put(name, *value)));
        Self { endpoint, body: Some(body), bearer: None }
    }

    /// The same call, by who holds this token.
    pub(crate) fn authorized_by(self, token: AccessToken) -> Self {
        Self { bearer: Some(token), ..self }
    }

    /// Opens a wizard, by `POST` with an empty object or by `GET`.
    pub(crate) fn open_wizard(by_post: bool) -> Self {
        if by_post {
            Self::with_fields(Endpoint::WizardByPost, &[])
        } else {
            Self::without_body(Endpoint::Wizard)
        }
    }

    /// The same call by another method, if the host has answered that it does not take the one of the documents. Older hosts open
    /// wizards by `POST` only. Send it once; it costs no attempt.
    pub fn by_other_method(endpoint: Endpoint, answer: &HttpResponse) -> Option<Self> {
        let takes_post =
            || answer.header("Allow").is_none_or(|allowed| allowed.to_uppercase().contains("POST"));
        let refused = endpoint == Endpoint::Wizard && answer.status == 405;
        (refused && takes_post()).then(|| Self::open_wizard(true))
    }

    pub(crate) fn with_bearer(endpoint: Endpoint, token: AccessToken) -> Self {
        Self { endpoint, body: None, bearer: Some(token) }
    }

    /// The endpoint that is called.
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The full URL on a host.
    pub fn url(&self, host: &Host) -> String {
        host.url(self.endpoint.path())
    }

    /// The HTTP request to send.
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

/// Removes characters that a configured text could end its header with.
fn header_text(text: &str) -> String {
    let fits = |c: &char| matches!(c, ' '..='~');
    if text.chars().all(|c| fits(&c)) { text.to_owned() } else { text.chars().filter(fits).collect() }
}
