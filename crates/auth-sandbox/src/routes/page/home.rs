//! `GET /` of a browser.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::texts::{chosen, texts};
use crate::host::Host;
use crate::routes::endpoint::no_endpoint;

const TEMPLATE: &str = include_str!("../../../page/index.html");

/// Whether this is a browser's request for the page. Any other client finds no endpoint there.
pub(in crate::routes) fn is_page(parts: &Parts, inner: &str) -> bool {
    parts.method == Method::GET && matches!(inner, "" | "/") && accepts_html(&parts.headers)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    text(headers, header::ACCEPT).contains("text/html")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct Wish {
    lang: Option<String>,
}

pub(super) async fn page(
    State(host): State<Arc<Host>>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    if !accepts_html(&headers) {
        return no_endpoint(State(host)).await;
    }
    let language = chosen(wish.lang.as_deref(), text(&headers, header::ACCEPT_LANGUAGE));
    let mut response = Html(filled(&host.base_path, language)).into_response();
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "accept, accept-language"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let scheme = if host.ca_pem.is_some() { "wss" } else { "ws" };
    if let Ok(policy) = HeaderValue::try_from(policy(scheme, text(&headers, header::HOST))) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Nothing but the page's own files and this host. The live channel is named too: not every browser counts it as `'self'`.
fn policy(scheme: &str, host: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte);
    let live = match host {
        host if !host.is_empty() && host.bytes().all(is_plain) => format!(" {scheme}://{host}"),
        _ => String::new(),
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{live}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The template with its gaps filled.
fn filled(base: &str, language: &'static str) -> String {
    let texts = texts(language);
    let value = |key: &str| match key {
        "base" => base.to_owned(),
        "lang" => language.to_owned(),
        "texts" => Value::Object(texts.clone()).to_string(),
        _ => match key.strip_prefix("current:") {
            // Which link of the language switch is the page's own.
            Some(tag) => if tag == language { "page" } else { "false" }.to_owned(),
            None => texts.get(key).and_then(Value::as_str).unwrap_or_default().to_owned(),
        },
    };
    let mut page = String::with_capacity(TEMPLATE.len() * 2);
    let mut rest = TEMPLATE;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((key, after)) = after.split_once("}}") else { break };
        page.push_str(before);
        page.push_str(&escaped(&value(key)));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Text for HTML, also between quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::texts::LANGUAGES;
    use super::*;

    #[test]
    fn no_gap_is_left_and_none_is_unknown() {
        for (language, _) in LANGUAGES {
            let page = filled("/broker", language);
            assert!(!page.contains("{{") && page.contains("/broker/_page/page.js"), "{page}");
            let texts = texts(language);
            for key in TEMPLATE.split("{{").skip(1).map(|rest| rest.split("}}").next().unwrap()) {
                let fixed = ["base", "lang", "texts"].contains(&key) || key.starts_with("current:");
                assert!(fixed || texts.contains_key(key), "{language} {key}");
            }
        }
    }

    #[test]
    fn the_policy_names_the_live_channel_and_takes_no_other_text() {
        assert!(policy("ws", "127.0.0.1:80").contains("connect-src 'self' ws://127.0.0.1:80;"));
        assert!(policy("ws", "x; script-src *").contains("connect-src 'self';"));
    }
}
