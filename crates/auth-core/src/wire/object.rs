//! Writing JSON without a copy of a secret on the way: into memory that is wiped, piece by piece.

use crate::{
    Timestamp,
    secret::{SecretBuffer, SecretBytes},
};
use std::fmt::Write;

/// A JSON object that is being written. Names are put down as they are: they are ours.
pub(crate) struct Object<'a> {
    to: &'a mut SecretBuffer,
    empty: bool,
}

/// The bytes of an object. `room` is a guess at their number; more is no harm.
pub(crate) fn object(room: usize, write: impl FnOnce(&mut Object<'_>)) -> SecretBytes {
    let mut bytes = SecretBuffer::with_capacity(room);
    within(&mut bytes, write);
    bytes.finish()
}

fn within(to: &mut SecretBuffer, write: impl FnOnce(&mut Object<'_>)) {
    to.extend(b"{");
    write(&mut Object { to, empty: true });
    to.extend(b"}");
}

impl Object<'_> {
    /// A text, a number, a date, a list of them, or nothing (`null`).
    pub(crate) fn put(&mut self, name: &str, value: impl Put) {
        self.name(name);
        value.put(self.to);
    }

    /// An object inside this one.
    pub(crate) fn object(&mut self, name: &str, write: impl FnOnce(&mut Object<'_>)) {
        self.name(name);
        within(self.to, write);
    }

    /// An object, or `null` where there is nothing to write of.
    pub(crate) fn maybe_object<T>(
        &mut self,
        name: &str,
        of: Option<T>,
        write: impl FnOnce(&mut Object<'_>, T),
    ) {
        match of {
            Some(of) => self.object(name, |inner| write(inner, of)),
            None => self.put(name, ()),
        }
    }

    /// A list of objects.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Object<'_>, T),
    ) {
        self.name(name);
        self.to.extend(b"[");
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.to.extend(b",");
            }
            within(self.to, |inner| write(inner, item));
        }
        self.to.extend(b"]");
    }

    fn name(&mut self, name: &str) {
        self.to.extend(if self.empty { b"\"" } else { b",\"" });
        self.empty = false;
        self.to.extend(name.as_bytes());
        self.to.extend(b"\":");
    }
}

/// A value as JSON.
pub(crate) trait Put {
    fn put(&self, to: &mut SecretBuffer);
}

impl Put for str {
    fn put(&self, to: &mut SecretBuffer) {
        // All are looked at, which lets the compiler take many at once.
        let escapes = |found, byte| found | (byte < b' ') | (byte == b'"') | (byte == b'\\');
        if self.bytes().fold(false, escapes) {
            serde_json::to_writer(to, self).expect("a text can be written to memory");
        } else {
            to.extend(b"\"");
            to.extend(self.as_bytes());
            to.extend(b"\"");
        }
    }
}

impl Put for () {
    fn put(&self, to: &mut SecretBuffer) {
        to.extend(b"null");
    }
}

impl Put for bool {
    fn put(&self, to: &mut SecretBuffer) {
        to.extend(if *self { b"true" } else { b"false" });
    }
}

impl Put for u32 {
    fn put(&self, to: &mut SecretBuffer) {
        u64::from(*self).put(to);
    }
}

impl Put for u64 {
    fn put(&self, to: &mut SecretBuffer) {
        let _infallible = write!(to, "{self}");
    }
}

/// ISO 8601 in UTC.
impl Put for Timestamp {
    fn put(&self, to: &mut SecretBuffer) {
        let _infallible = write!(to, "\"{self}\"");
    }
}

impl<T: Put> Put for Option<T> {
    fn put(&self, to: &mut SecretBuffer) {
        match self {
            Some(value) => value.put(to),
            None => ().put(to),
        }
    }
}

impl<T: Put> Put for [T] {
    fn put(&self, to: &mut SecretBuffer) {
        to.extend(b"[");
        for (at, value) in self.iter().enumerate() {
            if at > 0 {
                to.extend(b",");
            }
            value.put(to);
        }
        to.extend(b"]");
    }
}

impl<T: Put + ?Sized> Put for &T {
    fn put(&self, to: &mut SecretBuffer) {
        (**self).put(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_as_what_was_meant() {
        let bytes = object(1, |o| {
            o.put("text", "a \"quote\"\\ \u{1f} ü");
            o.put("none", None::<&str>);
            o.object("empty", |_| ());
            o.maybe_object("missing", None::<u8>, |_, _| ());
            o.maybe_object("there", Some(7_u32), |o, seven| o.put("n", seven));
            o.list("list", [true, false], |o, flag| o.put("flag", flag));
            o.put("most", u64::MAX);
            o.put("dates", &[Timestamp::UNIX_EPOCH; 2][..]);
        });
        let read: serde_json::Value = serde_json::from_slice(bytes.expose()).unwrap();
        let meant = serde_json::json!({
            "text": "a \"quote\"\\ \u{1f} ü", "none": null, "empty": {}, "missing": null,
            "there": {"n": 7}, "list": [{"flag": true}, {"flag": false}], "most": u64::MAX,
            "dates": ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
        });
        assert_eq!(read, meant);
    }
}
