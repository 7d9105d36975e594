//! Redacted printing.
//!
//! Kotlin's data classes and Swift's structs print every field. The exported `Debug` and `Display` replace that.

/// Implements `Debug` and `Display` with the same text. Both have the same code, of which the linker keeps one, as it then
/// does of what is exported around them.
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
