//! Redacted printing: Kotlin's data classes and Swift's structs print every field otherwise.

/// Implements `Debug` and `Display` with the same text.
macro_rules! redacted {
    ($name:ty, |$value:ident, $f:ident| $write:expr) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, $f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let $value = self;
                $write
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, $f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let $value = self;
                $write
            }
        }
    };
}

pub(crate) use redacted;
