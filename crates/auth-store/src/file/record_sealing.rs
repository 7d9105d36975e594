//! Sealing of records, and the hashes that stand for their places.

use super::container::{FORMAT, SealedPlace, SealedRecord, VERSION};
use auth_core::{
    AccountKey, Host,
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError},
    secret::SecretBytes,
};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use blake2::{
    Blake2b, Blake2bMac, Digest,
    digest::{
        Mac,
        consts::{U16, U32},
    },
};
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

const NONCE: usize = 24;
const TAG: usize = 16;

/// A master key and what is made of it. Each purpose has a key or hash of its own.
pub(super) struct Keys {
    master: Zeroizing<[u8; 32]>,
    records: Zeroizing<[u8; 32]>,
}

impl Keys {
    pub(super) fn new(master: Zeroizing<[u8; 32]>) -> Self {
        let mut records = Zeroizing::new([0; 32]);
        let mut derived = keyed::<U32>(&master, b"b2auth records").finalize().into_bytes();
        records.copy_from_slice(&derived);
        derived.as_mut_slice().zeroize();
        Self { master, records }
    }

    /// A value that tells this key from others and says nothing more about it.
    pub(super) fn check(&self) -> String {
        BASE64.encode(keyed::<U16>(&self.master, b"b2auth check").finalize().into_bytes())
    }

    /// What a record is called in the file: without the key nobody can tell whose it is.
    pub(super) fn name(&self, key: &RecordKey) -> String {
        let hash = keyed::<U16>(&self.master, b"b2auth name").chain_update(place(key));
        hex(&hash.finalize().into_bytes())
    }

    /// The record for this place, which has this name.
    pub(super) fn seal(
        &self,
        key: &RecordKey,
        name: &str,
        record: &Record,
    ) -> Result<SealedRecord, StoreError> {
        let (nonce, sealed) = self.encrypt(record.body.expose(), &bound_to(key, record.session_id))?;
        let whose = self.encrypt(&place(key), name.as_bytes())?;
        let whose = Some(SealedPlace { nonce: whose.0, sealed: whose.1 });
        Ok(SealedRecord { session_id: record.session_id.0, nonce, sealed, whose })
    }

    /// The record, if it was sealed with this key for this place and epoch.
    pub(super) fn open(&self, key: &RecordKey, sealed: &SealedRecord) -> Result<Record, &'static str> {
        let session_id = SessionId(sealed.session_id);
        let body = self.decrypt(&sealed.nonce, &sealed.sealed, &bound_to(key, session_id))?;
        Ok(Record { session_id, body })
    }

    /// Whose the record of this name is, if that can be told.
    pub(super) fn open_place(&self, name: &str, whose: &SealedPlace) -> Option<RecordKey> {
        let place = self.decrypt(&whose.nonce, &whose.sealed, name.as_bytes()).ok()?;
        read_place(place.expose())
    }

    fn encrypt(&self, text: &[u8], bound: &[u8]) -> Result<(String, String), StoreError> {
        let nonce = random::<NONCE>()?;
        // With room for the tag, so that no outgrown buffer with the text is left behind.
        let mut body = Zeroizing::new(Vec::with_capacity(text.len() + TAG));
        body.extend_from_slice(text);
        let nonced = XNonce::from(*nonce);
        let tag = self.cipher().encrypt_inout_detached(&nonced, bound, body.as_mut_slice().into());
        body.extend_from_slice(&tag.map_err(|_| StoreError::Failed)?);
        Ok((BASE64.encode(*nonce), BASE64.encode(&*body)))
    }

    fn decrypt(&self, nonce: &str, sealed: &str, bound: &[u8]) -> Result<SecretBytes, &'static str> {
        const FORM: &str = "it is not in the form of a record";
        let nonce = BASE64.decode(nonce).map_err(|_| FORM)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| FORM)?;
        let mut body = Zeroizing::new(BASE64.decode(sealed).map_err(|_| FORM)?);
        let (text, tag) = body.split_last_chunk_mut::<TAG>().ok_or(FORM)?;
        let tag = Tag::from(*tag);
        self.cipher()
            .decrypt_inout_detached(&XNonce::from(nonce), bound, text.into(), &tag)
            .map_err(|_| "it was changed, or sealed for another place")?;
        let length = text.len();
        body.truncate(length);
        Ok(SecretBytes::new(std::mem::take(&mut *body)))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.records).into())
    }
}

/// What a place's lock file is called. It must be known before there is a key, so it is a plain hash: it hides a
/// name from a coarse_now, not from whoever guesses it.
pub(super) fn lease_name(key: &RecordKey) -> String {
    hex(&Blake2b::<U16>::digest(place(key)))
}

/// Bytes from the system's generator.
pub(super) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, StoreError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes)
        .map_err(|_| StoreError::Unavailable { what: "the system gives no random numbers" })?;
    Ok(bytes)
}

fn keyed<N>(key: &[u8; 32], purpose: &[u8]) -> Blake2bMac<N>
where
    N: blake2::digest::array::ArraySize
        + blake2::digest::typenum::IsLessOrEqual<
            blake2::digest::consts::U64,
            Output = blake2::digest::typenum::True,
        >,
{
    Blake2bMac::new_with_salt_and_personal(Some(key), &[], purpose).expect("key and purpose are short enough")
}

/// What a record is bound to: it opens nowhere else, and under no other epoch.
fn bound_to(key: &RecordKey, session_id: SessionId) -> Vec<u8> {
    let mut bound = place(key);
    part(&mut bound, &session_id.0.to_le_bytes());
    bound
}

fn place(key: &RecordKey) -> Vec<u8> {
    let RecordKey { account: AccountKey { profile, host, office }, kind } = key;
    let mut place = Vec::new();
    part(&mut place, FORMAT.as_bytes());
    part(&mut place, &VERSION.to_le_bytes());
    part(&mut place, profile.as_str().as_bytes());
    part(&mut place, host.to_string().as_bytes());
    part(&mut place, office.as_str().as_bytes());
    part(&mut place, kind.as_str().as_bytes());
    place
}

/// The way back from [`place`].
fn read_place(mut bytes: &[u8]) -> Option<RecordKey> {
    let mut next = || {
        let (length, rest) = bytes.split_first_chunk::<8>()?;
        let (part, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        bytes = rest;
        Some(part)
    };
    let (format, version) = (next()?, next()?);
    if format != FORMAT.as_bytes() || version != VERSION.to_le_bytes() {
        return None;
    }
    let mut text = || std::str::from_utf8(next()?).ok();
    let (profile, host, office, kind) = (text()?, text()?, text()?, text()?);
    let kind = RecordKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
    // Plain http was allowed when the record was written, or the record would not be there.
    let host = Host::parse_with_plain_http_for_development(host).ok()?;
    let account = AccountKey { profile: profile.parse().ok()?, host, office: office.parse().ok()? };
    Some(RecordKey { account, kind })
}

/// Appends a part with its length in front, so that no two lists of parts give the same bytes.
fn part(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    to.extend_from_slice(bytes);
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
