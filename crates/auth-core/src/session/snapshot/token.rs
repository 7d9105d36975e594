//! A token in few bytes. A JWT consists of parts in base64url, which take a third more bytes than their content.

use super::bytes::{Reader, put_bytes, put_number};
use crate::secret::SecretBuffer;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// The most parts of a JWT: a signed one has three, an encrypted one five.
const MAX_PARTS: usize = 5;

/// Writes the number of parts and each part decoded; or 0 and the token as it is.
pub(super) fn put(to: &mut SecretBuffer, token: &str) {
    match decoded_parts(token) {
        Some(parts) => {
            put_number(to, parts.len() as u128);
            parts.iter().for_each(|part| put_bytes(to, part));
        }
        None => {
            put_number(to, 0);
            put_bytes(to, token.as_bytes());
        }
    }
}

/// The decoded parts, if encoding gives the same text again: the decoder accepts no padding, no other letters and no
/// left-over bits.
fn decoded_parts(token: &str) -> Option<Vec<Zeroizing<Vec<u8>>>> {
    if token.bytes().filter(|byte| *byte == b'.').count() >= MAX_PARTS {
        return None;
    }
    token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok().map(Zeroizing::new)).collect()
}

pub(super) fn read(from: &mut Reader<'_>) -> Option<String> {
    let parts = usize::try_from(from.number()?).ok().filter(|parts| *parts <= MAX_PARTS)?;
    if parts == 0 {
        return from.text().map(str::to_owned);
    }
    let parts: Vec<&[u8]> = (0..parts).map(|_| from.bytes()).collect::<Option<_>>()?;
    // Written into its final buffer: a `String` that grows or is assembled elsewhere leaves copies behind.
    let room = parts.iter().map(|part| (part.len() * 4).div_ceil(3) + 1).sum();
    let (mut token, mut length) = (Zeroizing::new(vec![0; room]), 0);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            *token.get_mut(length)? = b'.';
            length += 1;
        }
        length += URL_SAFE_NO_PAD.encode_slice(part, token.get_mut(length..)?).ok()?;
    }
    std::str::from_utf8(&token[..length]).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(token: &str) -> (String, usize) {
        let mut to = SecretBuffer::default();
        put(&mut to, token);
        let bytes = to.finish();
        (read(&mut Reader::new(bytes.expose())).unwrap(), bytes.expose().len())
    }

    #[test]
    fn every_token_comes_back_as_it_was_and_a_jwt_is_short() {
        let jwt = format!("eyJhbGciOiJSUzI1NiJ9.{}.{}", "QUJD".repeat(100), "c2ln".repeat(86));
        let (back, bytes) = there_and_back(&jwt);
        assert_eq!(back, jwt);
        assert!(bytes < jwt.len() * 77 / 100, "{bytes} of {}", jwt.len());
        for token in
            ["", ".", "...........", "a", "abc", "abd=", "ab+/", "opaque-token!", "a.b.c", "YQ.YQ..YQ", "ü"]
        {
            assert_eq!(there_and_back(token).0, token);
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        for bytes in [&[][..], &[6], &[1], &[2, 0], &[0, 1, 0xff], &[3, 1, 0, 1, 0]] {
            assert!(read(&mut Reader::new(bytes)).is_none(), "{bytes:?}");
        }
    }
}
