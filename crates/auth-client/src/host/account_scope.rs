//! One profile and office at one host: whose records are meant.

use super::{ClockInUse, HostConnection};
use auth_core::{
    AccountKey, Office, Profile,
    ports::{RecordKey, RecordKind},
};
use std::{ops::Deref, sync::Arc};

/// The host connection as one profile and office use it.
#[derive(Clone)]
pub(crate) struct AccountScope {
    pub(crate) profile: Profile,
    pub(crate) office: Office,
    /// The connection's own, kept here too: it is read each time that a cached token is asked for.
    pub(crate) clock: ClockInUse,
    host: Arc<HostConnection>,
}

impl AccountScope {
    pub(crate) fn new(host: Arc<HostConnection>, profile: Profile, office: Office) -> Self {
        Self { profile, office, clock: host.clock.clone(), host }
    }

    /// The key of one of this account's records.
    pub(crate) fn record_key(&self, kind: RecordKind) -> RecordKey {
        let account =
            AccountKey { profile: self.profile.clone(), host: self.host.host.clone(), office: self.office };
        RecordKey { account, kind }
    }

    /// A span for the log: whose request this is. No secret is in it.
    pub(crate) fn span(&self, name: &'static str, account: Option<&str>) -> tracing::Span {
        let (profile, office) = (self.profile.as_str(), self.office.as_str());
        tracing::info_span!("b2core_auth", operation = name, profile, office, account)
    }
}

impl Deref for AccountScope {
    type Target = HostConnection;

    fn deref(&self) -> &HostConnection {
        &self.host
    }
}
