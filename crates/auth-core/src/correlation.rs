//! The thread that ties a request to its log lines and its error.

use std::fmt;

/// An id made for one request, sent as `X-Correlation-Id`, logged, and put into the error that comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CorrelationId(String);

impl CorrelationId {
    /// The header that carries it.
    pub const HEADER: &'static str = "X-Correlation-Id";

    /// Takes an id over: the driver makes random ones.
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
