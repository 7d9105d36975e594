//! Sealing of records, and the hashes that stand for their places.

use super::container::{FORMAT, SealedRecord, VERSION};
use auth_core::{
    AccountKey,
    ports::{Epoch, Record, RecordKey, StoreError},
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

    pub(super) fn seal(&self, key: &RecordKey, record: &Record) -> Result<SealedRecord, StoreError> {
        let nonce = random::<NONCE>()?;
        let mut body = record.body.expose().to_vec();
        let bound = bound_to(key, record.epoch);
        let tag =
            self.cipher().encrypt_inout_detached(&XNonce::from(*nonce), &bound, body.as_mut_slice().into());
        let Ok(tag) = tag else {
            body.zeroize();
            return Err(StoreError::Failed);
        };
        body.extend_from_slice(&tag);
        Ok(SealedRecord { epoch: record.epoch.0, nonce: BASE64.encode(*nonce), sealed: BASE64.encode(body) })
    }

    /// The record, if it was sealed with this key for this place and epoch.
    pub(super) fn open(&self, key: &RecordKey, sealed: &SealedRecord) -> Result<Record, &'static str> {
        const FORM: &str = "it is not in the form of a record";
        let nonce = BASE64.decode(&sealed.nonce).map_err(|_| FORM)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| FORM)?;
        let mut body = Zeroizing::new(BASE64.decode(&sealed.sealed).map_err(|_| FORM)?);
        let (text, tag) = body.split_last_chunk_mut::<16>().ok_or(FORM)?;
        let (tag, epoch) = (Tag::from(*tag), Epoch(sealed.epoch));
        self.cipher()
            .decrypt_inout_detached(&XNonce::from(nonce), &bound_to(key, epoch), text.into(), &tag)
            .map_err(|_| "it was changed, or sealed for another place")?;
        let length = text.len();
        body.truncate(length);
        Ok(Record { epoch, body: SecretBytes::new(std::mem::take(&mut *body)) })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.records).into())
    }
}

/// What a place's lease file is called. It must be known before there is a key, so it is a plain hash: it hides a
/// name from a glance, not from whoever guesses it.
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
fn bound_to(key: &RecordKey, epoch: Epoch) -> Vec<u8> {
    let mut bound = place(key);
    part(&mut bound, &epoch.0.to_le_bytes());
    bound
}

fn place(key: &RecordKey) -> Vec<u8> {
    let RecordKey { account: AccountKey { profile, host, office }, slot } = key;
    let mut place = Vec::new();
    part(&mut place, FORMAT.as_bytes());
    part(&mut place, &VERSION.to_le_bytes());
    part(&mut place, profile.as_str().as_bytes());
    part(&mut place, host.to_string().as_bytes());
    part(&mut place, office.as_str().as_bytes());
    part(&mut place, slot.as_str().as_bytes());
    place
}

/// Appends a part with its length in front, so that no two lists of parts give the same bytes.
fn part(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    to.extend_from_slice(bytes);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
