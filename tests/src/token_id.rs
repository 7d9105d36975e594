//! A short name for a token, by which two processes can speak of it without saying it.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The same for the same text, in every process of one build.
pub fn token_id(token: &str) -> String {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
