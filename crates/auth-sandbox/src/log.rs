//! The request log: what was asked and how it was answered, never with which values.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::users::Office;

/// How many requests are kept; the oldest go first.
const KEPT: usize = 10_000;

/// One request to the vendor's part of the sandbox, without its secrets.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The HTTP method; like all texts here it is shortened where it is longer than any client of ours sends.
    pub method: String,
    /// The path as received, without the query.
    pub path: String,
    /// The HTTP status of the answer; 0 while there is none, and where none was given.
    pub status: u16,
    /// The `X-Correlation-Id` header, as received.
    pub correlation_id: Option<String>,
    /// The names of the fields in the JSON body, never their values.
    pub body_fields: Vec<String>,
    /// Which office the path belongs to, if any.
    pub office: Option<Office>,
    /// The fault that acted on it, as text.
    pub fault: Option<String>,
    /// When it arrived, by the sandbox's clock.
    #[serde(serialize_with = "iso")]
    pub time: Timestamp,
}

/// All requests so far, oldest first.
#[derive(Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<LoggedRequest>,
    /// How many older ones are gone.
    gone: usize,
}

/// The place of a request in the log.
#[derive(Clone, Copy)]
pub(crate) struct Entry(usize);

impl RequestLog {
    /// Notes a request that is not answered yet.
    pub(crate) fn push(&mut self, entry: LoggedRequest) -> Entry {
        if self.entries.len() >= KEPT {
            self.entries.pop_front();
            self.gone += 1;
        }
        self.entries.push_back(entry);
        Entry(self.gone + self.entries.len() - 1)
    }

    /// Notes how a request was answered.
    pub(crate) fn answered(&mut self, entry: Entry, status: u16) {
        let place = entry.0.checked_sub(self.gone);
        if let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) {
            entry.status = status;
        }
    }

    /// How many older ones are gone.
    pub(crate) fn dropped(&self) -> u64 {
        self.gone as u64
    }

    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.entries.iter().cloned().collect()
    }
}

fn iso<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&crate::render::time::iso(*time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_noted_at_its_request_and_the_oldest_go_first() {
        let request = |path: usize| LoggedRequest {
            method: "GET".to_owned(),
            path: path.to_string(),
            status: 0,
            correlation_id: None,
            body_fields: Vec::new(),
            office: None,
            fault: None,
            time: Timestamp::UNIX_EPOCH,
        };
        let mut log = RequestLog::default();
        let entries: Vec<Entry> = (0..=KEPT).map(|path| log.push(request(path))).collect();
        log.answered(entries[0], 501);
        log.answered(entries[1], 502);
        log.answered(entries[KEPT], 503);
        let all = log.all();
        assert_eq!((all.len(), all[0].path.as_str(), all[0].status), (KEPT, "1", 502));
        assert_eq!((all[1].status, all[KEPT - 1].status), (0, 503));
    }
}
