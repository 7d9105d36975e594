//! Authorization tokens: what an approval brings to the display.

/// The alphabet of bcrypt's text, which the vendor's samples look like.
const ALPHABET: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A fresh token: `$2y$10$` and 53 random characters. It only looks like a hash.
pub(super) fn fresh() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 53];
    getrandom::fill(&mut bytes)?;
    let mut token = String::from("$2y$10$");
    token.extend(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 64)])));
    Ok(token)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_token_looks_like_bcrypt_and_is_random() {
        let token = super::fresh().unwrap();
        assert_eq!(token.len(), 60);
        assert!(token.starts_with("$2y$10$"));
        assert_ne!(token, super::fresh().unwrap());
    }
}
