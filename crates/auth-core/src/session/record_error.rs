//! Why the bytes of a record cannot be used.

/// The bytes of a record cannot be used.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A newer version wrote it: leave it alone.
    #[error("the record was written by a newer version (format {found})")]
    Newer {
        /// The format found.
        found: u32,
    },
    /// The bytes are damaged, or are no record of this kind.
    #[error("the record does not read")]
    Malformed,
}
