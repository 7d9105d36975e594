//! Attempts over a restart: what is written of them, and taking it up again.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Attempts, Counter, Key, MOST_COUNTED};
use crate::clock::after;
use crate::limits::Group;
use crate::users::Office;

/// The attempts on one account.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptAttempts {
    office: Office,
    group: Group,
    /// The SHA-256 of its name, in Base64.
    account: String,
    ip: IpAddr,
    times: Vec<Timestamp>,
    blocked_until: Option<Timestamp>,
}

/// An account that is no digest.
#[derive(Debug)]
pub(crate) struct Torn;

impl Counter {
    /// What is to be written: blocks that are not over, and attempts that still count.
    pub(crate) fn keep(&self, now: Timestamp) -> Vec<KeptAttempts> {
        let mut kept: Vec<KeptAttempts> = self
            .attempts
            .iter()
            .map(|(Key { office, group, account, ip }, Attempts { times, blocked_until })| KeptAttempts {
                office: *office,
                group: *group,
                account: STANDARD.encode(account),
                ip: *ip,
                times: times.iter().copied().filter(|time| after(*time, self.limits.window) > now).collect(),
                blocked_until: blocked_until.filter(|until| *until > now),
            })
            .filter(|kept| !kept.times.is_empty() || kept.blocked_until.is_some())
            .collect();
        // The same attempts make the same text.
        kept.sort_by(|a, b| (&a.account, a.ip, &a.times).cmp(&(&b.account, b.ip, &b.times)));
        kept
    }

    /// Takes up what was written.
    pub(crate) fn resume(&mut self, kept: Vec<KeptAttempts>) -> Result<(), Torn> {
        for KeptAttempts { office, group, account, ip, times, blocked_until } in
            kept.into_iter().take(MOST_COUNTED)
        {
            let account =
                STANDARD.decode(account).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(Torn)?;
            let attempts = Attempts { times: times.into(), blocked_until };
            self.attempts.insert(Key { office, group, account, ip }, attempts);
        }
        Ok(())
    }
}
