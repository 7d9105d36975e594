//! The native libraries that the Swift package links.

use super::super::artifacts::Native;
use crate::test::suites::Flavour;

/// A library, as the manifest of the Swift package names it.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Library {
    /// The name in `.linkedLibrary`.
    pub(in super::super) name: &'static str,
    /// The C module with its header: a `.systemLibrary` in the checkout.
    pub(in super::super) module: &'static str,
}

/// All that the package may link. The one of the tests' host is there once the manifest names it.
pub(super) const ALL: [Library; 2] = [
    Library { name: "b2core_auth", module: "B2CoreAuthFFI" },
    Library { name: "b2core_auth_sandbox", module: "B2CoreAuthSandboxFFI" },
];

impl Library {
    /// What it is built from. The host of the tests has one flavour.
    pub(in super::super) fn native(&self, flavour: Flavour) -> Native {
        match (self.name, flavour) {
            ("b2core_auth_sandbox", _) => Native::Sandbox,
            (_, Flavour::Bundled) => Native::Bundled,
            (_, Flavour::Platform) => Native::Platform,
        }
    }
}
