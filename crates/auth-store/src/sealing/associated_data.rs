//! What a sealed record is bound to: it opens only under the same format, profile, host, office, kind and session id.

#[cfg(any(feature = "file", feature = "sqlite", feature = "redis"))]
use auth_core::Host;
use auth_core::{
    AccountKey,
    ports::{RecordKey, SessionId},
};

/// The name and version of a format. Each format has its own, so that a record moved from one to another does not open.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    pub(crate) name: &'static str,
    pub(crate) version: u32,
}

/// The associated data of a record.
pub(crate) fn bound_to(format: Format, key: &RecordKey, session_id: SessionId) -> Vec<u8> {
    let mut bound = place(format, key);
    part(&mut bound, &session_id.0.to_le_bytes());
    bound
}

/// A record's key as bytes, with the format in front.
pub(crate) fn place(format: Format, key: &RecordKey) -> Vec<u8> {
    let RecordKey { account: AccountKey { profile, host, office }, kind } = key;
    let mut place = Vec::new();
    part(&mut place, format.name.as_bytes());
    part(&mut place, &format.version.to_le_bytes());
    part(&mut place, profile.as_str().as_bytes());
    part(&mut place, host.to_string().as_bytes());
    part(&mut place, office.as_str().as_bytes());
    part(&mut place, kind.as_str().as_bytes());
    place
}

/// The way back from [`place`].
#[cfg(any(feature = "file", feature = "sqlite", feature = "redis"))]
pub(crate) fn read_place(format: Format, mut bytes: &[u8]) -> Option<RecordKey> {
    let mut next = || next_part(&mut bytes);
    let (name, version) = (next()?, next()?);
    if name != format.name.as_bytes() || version != format.version.to_le_bytes() {
        return None;
    }
    let mut text = || std::str::from_utf8(next()?).ok();
    let (profile, host, office, kind) = (text()?, text()?, text()?, text()?);
    // Plain http was allowed when the record was written, or the record would not be there.
    let host = Host::from_canonical(host)?;
    let account = AccountKey { profile: profile.parse().ok()?, host, office: office.parse().ok()? };
    Some(RecordKey { account, kind: kind.parse().ok()? })
}

/// The next of the parts that [`part`] has appended, taken off the front.
#[cfg(any(feature = "file", feature = "sqlite", feature = "redis"))]
pub(crate) fn next_part<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (part, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    *bytes = rest;
    Some(part)
}

/// Appends a part with its length in front, so that no two lists of parts give the same bytes.
pub(crate) fn part(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    to.extend_from_slice(bytes);
}
