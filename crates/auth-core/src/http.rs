//! HTTP requests and responses as values, for transports.

use crate::{CorrelationId, date_text::http_date, secret::SecretBytes, wire};
use std::{fmt, time::Duration};

/// The two methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

impl HttpMethod {
    /// The method's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// One request header. `Debug` shows the name only: the value may be a bearer token.
#[derive(Clone)]
pub struct Header {
    /// The name, in its usual spelling.
    pub name: &'static str,
    /// The value.
    pub value: zeroize::Zeroizing<String>,
}

impl Header {
    pub(crate) fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: zeroize::Zeroizing::new(value.into()) }
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ..", self.name)
    }
}

/// A request to be sent unchanged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The method.
    pub method: HttpMethod,
    /// The full URL. It has no secret in it.
    pub url: String,
    /// The path below the API's root, for logs.
    pub path: &'static str,
    /// All headers to send.
    pub headers: Vec<Header>,
    /// The JSON body, if there is one.
    pub body: Option<SecretBytes>,
    /// The id that is also in the headers.
    pub correlation_id: CorrelationId,
}

/// A response, whatever its status.
#[derive(Clone)]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers; names are compared without regard to case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: SecretBytes,
}

impl HttpResponse {
    /// True for the headers that are read: a transport need not hand over any other. They are compared without regard to case.
    pub fn reads_header(name: &str) -> bool {
        READ_HEADERS.iter().any(|read| read.eq_ignore_ascii_case(name)) || wire::marks_a_gateway(name)
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The time by the host's clock, from the `Date` header.
    pub fn date(&self) -> Option<crate::Timestamp> {
        http_date(self.header("Date")?)
    }

    /// How long the host asks to wait, at most a day: `Retry-After` in seconds, or as a date, which is compared with the `Date`
    /// header, or with `now` if there is none.
    pub fn retry_after(&self, now: crate::Timestamp) -> Option<Duration> {
        let value = self.header("Retry-After")?.trim();
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(Duration::from_secs(seconds).min(MAX_WAIT));
        }
        let until = http_date(value)?;
        let wait = until.duration_since(self.date().unwrap_or(now));
        Some(Duration::try_from(wait).unwrap_or(Duration::ZERO).min(MAX_WAIT))
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

const READ_HEADERS: [&str; 11] = [
    "Date",
    "Set-Cookie",
    "Content-Type",
    "Retry-After",
    "Location",
    "Allow",
    "RateLimit",
    "RateLimit-Reset",
    "X-RateLimit-Reset",
    "X-RateLimit-Reset-After",
    "X-Rate-Limit-Reset",
];

/// A longer wait than this is not believed.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)]) -> HttpResponse {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        HttpResponse { status: 429, headers, body: SecretBytes::new(Vec::new()) }
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(answer(&[("retry-after", " 90 ")]).retry_after(now), Some(Duration::from_secs(90)));
        let dated = ("Retry-After", "Thu, 01 Jan 2026 00:10:00 GMT");
        assert_eq!(answer(&[dated]).retry_after(now), Some(Duration::from_secs(600)));
        let slow_host = ("Date", "Thu, 01 Jan 2026 00:09:00 GMT");
        assert_eq!(answer(&[dated, slow_host]).retry_after(now), Some(Duration::from_secs(60)));
        assert_eq!(
            answer(&[("Retry-After", "Wed, 31 Dec 2025 00:00:00 GMT")]).retry_after(now),
            Some(Duration::ZERO)
        );
        for bad in ["", "soon", "-5", "1.5"] {
            assert_eq!(answer(&[("Retry-After", bad)]).retry_after(now), None, "{bad}");
        }
    }
}
