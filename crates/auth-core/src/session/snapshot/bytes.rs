//! Numbers and texts of variable length.

use crate::secret::SecretBuffer;

/// Unsigned LEB128: seven bits a byte, the lowest first.
pub(super) fn put_number(to: &mut SecretBuffer, mut number: u128) {
    while number > 0x7f {
        to.extend(&[number as u8 | 0x80]);
        number >>= 7;
    }
    to.extend(&[number as u8]);
}

/// Zigzag: small numbers of either sign are short.
pub(super) fn put_signed(to: &mut SecretBuffer, number: i128) {
    put_number(to, ((number << 1) ^ (number >> 127)) as u128);
}

pub(super) fn put_bytes(to: &mut SecretBuffer, bytes: &[u8]) {
    put_number(to, bytes.len() as u128);
    to.extend(bytes);
}

/// Reads from the front. Every method returns `None` if the bytes end too early.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn number(&mut self) -> Option<u128> {
        let mut number = 0;
        for shift in (0..126).step_by(7) {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i128> {
        let number = self.number()?;
        Some((number >> 1) as i128 ^ -((number & 1) as i128))
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_their_bytes_and_small_ones_are_short() {
        let all = [0, 1, -1, 63, -64, 64, 900, -86_400, i64::MAX.into(), i64::MIN.into(), 1 << 100];
        for number in all {
            let mut to = SecretBuffer::default();
            put_signed(&mut to, number);
            let bytes = to.finish();
            assert_eq!(Reader::new(bytes.expose()).signed(), Some(number));
            assert!(number.abs() > 64 || bytes.expose().len() == 1 || number == 64);
        }
    }

    #[test]
    fn what_ends_too_early_is_not_read() {
        assert_eq!(Reader::new(&[0x80]).number(), None);
        assert_eq!(Reader::new(&[0xff; 40]).number(), None, "a number without an end");
        assert_eq!(Reader::new(&[3, b'a', b'b']).bytes(), None);
        assert_eq!(Reader::new(&[1, 0xff]).text(), None);
        assert_eq!(Reader::new(&[]).byte(), None);
    }
}
