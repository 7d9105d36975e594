//! The id that connects a request with its log lines and its error.

use std::fmt;

/// The id of one request. It is sent as `X-Correlation-Id`, logged, and part of the request's error.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CorrelationId(String);

impl CorrelationId {
    /// The name of the header.
    pub const HEADER: &'static str = "X-Correlation-Id";

    /// Wraps an id. The driver makes random ones.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
