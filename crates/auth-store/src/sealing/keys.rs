//! The keys derived from a store's key, and encryption with them.

use super::{random::random, wiped_stack::with_wiped_stack};
use auth_core::{ports::StoreError, secret::SecretBytes};
use blake2::{
    Blake2bMac,
    digest::{
        Mac,
        consts::{U16, U32},
    },
};
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a nonce.
pub(crate) const NONCE: usize = 24;
/// Bytes of the value that tells keys apart.
pub(crate) const CHECK: usize = 16;
const TAG: usize = 16;

/// A store's key and what is derived from it. Each purpose has a key or hash of its own.
pub(crate) struct Keys {
    master: Zeroizing<[u8; 32]>,
    records: Zeroizing<[u8; 32]>,
}

/// Text that was encrypted: the ciphertext has its tag at the end.
pub(crate) struct Encrypted {
    pub(crate) nonce: [u8; NONCE],
    pub(crate) ciphertext: Zeroizing<Vec<u8>>,
}

impl Keys {
    pub(crate) fn new(master: Zeroizing<[u8; 32]>) -> Self {
        let mut records = Zeroizing::new([0; 32]);
        let mut derived = keyed::<U32>(&master, b"b2auth records").finalize().into_bytes();
        records.copy_from_slice(&derived);
        derived.as_mut_slice().zeroize();
        Self { master, records }
    }

    /// A value that tells this key from others and says nothing more about it.
    pub(crate) fn check(&self) -> [u8; CHECK] {
        keyed::<U16>(&self.master, b"b2auth check").finalize().into_bytes().into()
    }

    /// A name for a record's place: without the key nobody can tell whose it is.
    #[cfg(any(feature = "local", feature = "redis"))]
    pub(crate) fn name(&self, place: &[u8]) -> [u8; 16] {
        keyed::<U16>(&self.master, b"b2auth name").chain_update(place).finalize().into_bytes().into()
    }

    /// Encrypts under a new random nonce, bound to the associated data.
    pub(crate) fn encrypt(&self, text: &[u8], bound_to: &[u8]) -> Result<Encrypted, StoreError> {
        let nonce = *random::<NONCE>()?;
        // With room for the tag, so that no outgrown buffer with the text is left behind.
        let mut ciphertext = Zeroizing::new(Vec::with_capacity(text.len() + TAG));
        ciphertext.extend_from_slice(text);
        let tag = with_wiped_stack(|| {
            let text = ciphertext.as_mut_slice().into();
            self.cipher().encrypt_inout_detached(&XNonce::from(nonce), bound_to, text)
        });
        ciphertext.extend_from_slice(&tag.map_err(|_| StoreError::failed())?);
        Ok(Encrypted { nonce, ciphertext })
    }

    /// Decrypts what [`encrypt`](Self::encrypt) gave; the error is what is wrong with it.
    pub(crate) fn decrypt(
        &self,
        nonce: [u8; NONCE],
        ciphertext: Vec<u8>,
        bound_to: &[u8],
    ) -> Result<SecretBytes, &'static str> {
        let mut ciphertext = Zeroizing::new(ciphertext);
        let (text, tag) =
            ciphertext.split_last_chunk_mut::<TAG>().ok_or("it is not in the form of a record")?;
        let tag = Tag::from(*tag);
        let length = text.len();
        with_wiped_stack(|| {
            self.cipher().decrypt_inout_detached(&XNonce::from(nonce), bound_to, text.into(), &tag)
        })
        .map_err(|_| "it was changed, or sealed for another place")?;
        ciphertext.truncate(length);
        Ok(SecretBytes::new(std::mem::take(&mut *ciphertext)))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.records).into())
    }
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

/// Bytes as lower-case hexadecimal digits.
#[cfg(any(feature = "local", feature = "redis"))]
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
