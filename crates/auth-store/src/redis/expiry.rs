//! How long each kind of record is kept in the server, so that what nobody needs any more does not stay there for ever.

use auth_core::{
    ports::{Record, RecordKind},
    session::StoredSession,
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// After a refresh token's end. Clocks may differ, and the host's word counts.
const MARGIN: Duration = Duration::from_secs(7 * DAY.as_secs());
/// What is in quarantine stays for somebody to look at.
pub(super) const QUARANTINE: Duration = Duration::from_secs(28 * DAY.as_secs());

/// After how many milliseconds a record of this kind goes: a span, since the server has a clock of its own. Nothing if it stays until it is
/// removed.
pub(super) fn of(kind: RecordKind, record: &Record) -> Option<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let days = |days: u32| Some(DAY * days);
    let span = match kind {
        RecordKind::Session => {
            let session = StoredSession::decode(record.body.expose()).ok()?;
            let refresh = session.refresh_token_expires_at()?;
            // An access token may outlive it.
            let last = session.access_token_expires_at().map_or(refresh, |access| access.max(refresh));
            let last = u64::try_from(last.as_millisecond()).unwrap_or(0);
            // One that seems to be over is sent all the same: our clock may have been set.
            Some(Duration::from_millis(last).saturating_sub(now) + MARGIN)
        }
        // A wizard lives for minutes on the host.
        RecordKind::Pending => days(30),
        // An entry is given up after four weeks.
        RecordKind::Revocations => days(60),
        // The longest window and the longest block are minutes.
        RecordKind::Attempts => days(7),
        RecordKind::End => days(90),
        _ => None,
    };
    i64::try_from(span?.as_millis()).ok()
}
