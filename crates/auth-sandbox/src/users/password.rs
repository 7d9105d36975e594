//! Password hashes (Argon2id at a cost fit for tests).

use std::sync::OnceLock;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::codes::digits;

/// The built-in users' password, and what a wrong e-mail is compared with.
pub(crate) const BUILT_IN: &str = "Secret123";
const MEMORY_KIB: u32 = 4096;
const HASH: usize = 32;
const SALT: usize = 16;

/// Hashing failed: no random salt, or parameters that Argon2 refuses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HashFailed;

/// A salted hash. Slow on purpose: call it off the async threads.
#[derive(Clone)]
pub(crate) struct PasswordHash {
    salt: [u8; SALT],
    hash: [u8; HASH],
}

impl PasswordHash {
    pub(crate) fn of(password: &str) -> Result<Self, HashFailed> {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|_| HashFailed)?;
        Ok(Self { salt, hash: derive(password, &salt)? })
    }

    /// Salt and hash, as Base64.
    pub(crate) fn to_text(&self) -> String {
        STANDARD.encode([self.salt.as_slice(), &self.hash].concat())
    }

    /// Reads what [`to_text`](Self::to_text) has written.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let bytes: [u8; SALT + HASH] = STANDARD.decode(text).ok()?.try_into().ok()?;
        let (salt, hash) = bytes.split_at(SALT);
        Some(Self { salt: salt.try_into().ok()?, hash: hash.try_into().ok()? })
    }

    pub(crate) fn matches(&self, password: &str) -> bool {
        derive(password, &self.salt).is_ok_and(|hash| digits::same(&hash, &self.hash))
    }

    /// The hash of [`BUILT_IN`], made once per process so that a sandbox with built-in users starts at once.
    pub(crate) fn built_in() -> Result<Self, HashFailed> {
        static HASH: OnceLock<Result<PasswordHash, HashFailed>> = OnceLock::new();
        HASH.get_or_init(|| Self::of(BUILT_IN)).clone()
    }
}

fn derive(password: &str, salt: &[u8]) -> Result<[u8; HASH], HashFailed> {
    let params = Params::new(MEMORY_KIB, 1, 1, Some(HASH)).map_err(|_| HashFailed)?;
    let mut hash = [0; HASH];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .map_err(|_| HashFailed)?;
    Ok(hash)
}
