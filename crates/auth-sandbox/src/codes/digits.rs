//! Random six-digit codes for SMS and mail.

/// A fresh code. Without random numbers there is none.
pub(crate) fn fresh() -> Result<String, getrandom::Error> {
    // Numbers above the last multiple of a million are drawn again, so that every code is equally likely.
    const FAIR: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let number = getrandom::u32()?;
        if number < FAIR {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}

/// Compares two texts in a time that depends only on their lengths.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |different, (x, y)| different | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::{fresh, same};

    #[test]
    fn a_code_is_six_digits() {
        for _ in 0..200 {
            let code = fresh().unwrap();
            assert_eq!(code.len(), 6);
            assert!(code.bytes().all(|b| b.is_ascii_digit()));
        }
    }

    #[test]
    fn only_equal_texts_are_the_same() {
        assert!(same(b"123456", b"123456"));
        assert!(!same(b"123456", b"123457"));
        assert!(!same(b"123456", b"12345"));
    }
}
