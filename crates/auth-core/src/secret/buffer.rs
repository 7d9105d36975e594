//! Collecting secret bytes without leaving outgrown buffers behind.

use super::SecretBytes;
use std::{fmt, io};
use zeroize::Zeroizing;

/// Grows like a `Vec`, and wipes the room that it moves out of.
#[derive(Default)]
pub struct SecretBuffer(Zeroizing<Vec<u8>>);

impl SecretBuffer {
    /// A buffer with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(bytes)))
    }

    /// How many bytes are in it.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts bytes at the end.
    pub fn extend(&mut self, bytes: &[u8]) {
        if bytes.len() > self.0.capacity() - self.0.len() {
            self.grow(bytes.len());
        }
        self.0.extend_from_slice(bytes);
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        let needed = self.0.len() + more;
        let mut roomier = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2)));
        roomier.extend_from_slice(&self.0);
        self.0 = roomier;
    }

    /// What was collected.
    pub fn finish(self) -> SecretBytes {
        SecretBytes(self.0)
    }
}

impl fmt::Write for SecretBuffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.extend(text.as_bytes());
        Ok(())
    }
}

impl io::Write for SecretBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_what_it_was_given_in_order() {
        let mut buffer = SecretBuffer::with_capacity(3);
        assert!(buffer.is_empty());
        for part in [&b"ab"[..], b"", b"cdefghij", b"k"] {
            buffer.extend(part);
        }
        assert_eq!(buffer.len(), 11);
        assert_eq!(buffer.finish().expose(), b"abcdefghijk");
    }
}
