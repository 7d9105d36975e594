//! Reading what may be a secret, so that no copy of it is left in a buffer: the standard library's buffer of standard input lives as
//! long as the process, and is in its core dump.

use auth_core::secret::{SecretBuffer, SecretBytes};
use std::io::{self, Read};
use zeroize::Zeroizing;

/// A longer line is no answer to any question.
const MAX_LINE: usize = 64 * 1024;

/// Standard input without a buffer: what is not asked for stays in the pipe or the terminal.
#[cfg(unix)]
pub(crate) fn input() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    io::stdin().as_fd().try_clone_to_owned().map(Into::into)
}

/// Standard input. A console is read by its own rules, which only the standard library knows here.
#[cfg(not(unix))]
pub(crate) fn input() -> io::Result<io::StdinLock<'static>> {
    Ok(io::stdin().lock())
}

/// The next line of standard input, without its end; `None` if there is none.
pub(crate) fn line() -> io::Result<Option<Zeroizing<String>>> {
    line_of(&mut input()?)
}

fn line_of(input: &mut impl Read) -> io::Result<Option<Zeroizing<String>>> {
    let mut line = SecretBuffer::with_capacity(256);
    let (mut byte, mut ends) = ([0], false);
    while !ends && line.len() <= MAX_LINE {
        match input.read(&mut byte) {
            Ok(0) if line.is_empty() => return Ok(None),
            Ok(0) => break,
            Ok(_) if byte == *b"\n" => ends = true,
            Ok(_) => line.extend(&byte),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if line.len() > MAX_LINE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let line = line.finish();
    let line = line.expose();
    text(if ends { line.strip_suffix(b"\r").unwrap_or(line) } else { line }).map(Some)
}

/// All that a reader has, or so many bytes of it.
pub(crate) fn all(mut reader: impl Read, most: u64) -> io::Result<SecretBytes> {
    let mut all = SecretBuffer::with_capacity(4096);
    let mut part = Zeroizing::new([0; 1024]);
    let mut left = most;
    while left > 0 {
        let room = usize::try_from(left).map_or(part.len(), |left| left.min(part.len()));
        match reader.read(&mut part[..room]) {
            Ok(0) => break,
            Ok(length) => {
                all.extend(&part[..length]);
                left -= length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all.finish())
}

/// The text that these bytes are.
pub(crate) fn text(bytes: &[u8]) -> io::Result<Zeroizing<String>> {
    let text = std::str::from_utf8(bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_one_by_one_and_no_further() {
        let mut input: &[u8] = b"one\r\n\ntw\ro\n\xff\nlast\r";
        let mut next = || line_of(&mut input).map(|line| line.map(|line| line.to_string()));
        assert_eq!(next().unwrap().as_deref(), Some("one"));
        assert_eq!(next().unwrap().as_deref(), Some(""));
        assert_eq!(next().unwrap().as_deref(), Some("tw\ro"));
        assert_eq!(next().unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert_eq!(next().unwrap().as_deref(), Some("last\r"));
        assert_eq!(next().unwrap(), None);
        let long = vec![b'x'; MAX_LINE + 2];
        assert!(line_of(&mut &*long).is_err());
    }

    #[test]
    fn all_is_read_up_to_a_bound() {
        let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
        assert_eq!(all(&*bytes, 10_000).unwrap().expose(), bytes);
        assert_eq!(all(&*bytes, 1500).unwrap().expose(), &bytes[..1500]);
    }
}
