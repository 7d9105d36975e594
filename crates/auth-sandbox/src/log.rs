//! The request log: what was asked and how it was answered, never with which values.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::users::Office;

/// How many requests are kept; the oldest go first.
const KEPT: usize = 10_000;

/// One request to the vendor's part of the sandbox, without its secrets.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedRequest {
    /// The HTTP method.
    pub method: String,
    /// The path as received, without the query.
    pub path: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The `X-Correlation-Id` header, as received.
    pub correlation_id: Option<String>,
    /// The names of the fields in the JSON body, never their values.
    pub body_fields: Vec<String>,
    /// Which office the path belongs to, if any.
    pub office: Option<Office>,
    /// When it arrived, by the sandbox's clock.
    #[serde(serialize_with = "iso")]
    pub time: Timestamp,
}

/// All requests so far, oldest first.
#[derive(Default)]
pub(crate) struct RequestLog {
    entries: Vec<LoggedRequest>,
}

impl RequestLog {
    pub(crate) fn push(&mut self, entry: LoggedRequest) {
        if self.entries.len() >= KEPT {
            self.entries.remove(0);
        }
        self.entries.push(entry);
    }

    pub(crate) fn all(&self) -> &[LoggedRequest] {
        &self.entries
    }
}

fn iso<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&crate::render::time::iso(*time))
}
