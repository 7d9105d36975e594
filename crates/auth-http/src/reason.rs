//! Why a request brought no answer, in one sentence for the person who asks: what was not found, or what refused.

use crate::{
    causes::find,
    resolver::NoThread,
    route::{Route, peer},
    tls::reason_of_tls,
};
use reqwest::Error as ReqwestError;
use std::{error::Error, fmt, io};

/// Why there is no answer. It names hosts, addresses and variables, and has no secret: no path, no header, no password of a proxy.
#[derive(Debug)]
pub(crate) struct Reason {
    text: String,
    source: Option<ReqwestError>,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Reason {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl Reason {
    pub(crate) fn saying(text: impl Into<String>) -> Self {
        Self { text: text.into(), source: None }
    }

    /// What the client says of a request for this URL, which went this way.
    pub(crate) fn of(error: ReqwestError, route: &Route, url: &str) -> Self {
        let text = if error.is_connect() { no_connection(&error, route, url) } else { broken(&error, url) };
        // Its URL would be in the text of the whole chain, again and again.
        Self { text, source: Some(error.without_url()) }
    }
}

fn no_connection(error: &ReqwestError, route: &Route, url: &str) -> String {
    let (next, host) = (route.next_hop(url), peer(url));
    if find::<NoThread>(error).is_some() {
        return format!("{} cannot be looked up: the system gives no further thread", route.next_name(url));
    }
    if says(error, "dns error") {
        return format!("name not found: {}", route.next_name(url));
    }
    if says(error, "tunnel error: proxy authorization required") {
        return format!("{next} wants a user name and a password");
    }
    if let Some(reason) = reason_of_tls(error) {
        return format!("{host} {reason}");
    }
    let by_io = find::<io::Error>(error).map(io::Error::kind);
    match by_io {
        Some(io::ErrorKind::ConnectionRefused) => format!("connection refused by {next}"),
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
            format!("no route to {next}")
        }
        _ if error.is_timeout() || by_io == Some(io::ErrorKind::TimedOut) => {
            format!("{next} does not take the connection in time")
        }
        // The proxy itself; its library keeps to itself why.
        _ if says(error, "socks error: failed to create") => format!("no connection to {next}"),
        _ if says(error, "tunnel error") || says(error, "socks error") => {
            format!("{next} does not let a connection to {host} through")
        }
        Some(
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof,
        ) => {
            format!("{next} closed the connection at once")
        }
        _ => format!("no connection to {next}: {}", innermost(error)),
    }
}

fn broken(error: &ReqwestError, url: &str) -> String {
    let host = peer(url);
    if error.is_timeout() {
        format!("{host} did not answer in time")
    } else {
        format!("the connection to {host} broke: {}", innermost(error))
    }
}

/// True if an error along the causes begins so.
fn says(error: &ReqwestError, beginning: &str) -> bool {
    chain(error).any(|cause| cause.to_string().to_ascii_lowercase().starts_with(beginning))
}

fn innermost(error: &ReqwestError) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

fn chain(error: &ReqwestError) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}
