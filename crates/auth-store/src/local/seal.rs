//! How the key of a store is found, as the store says it.

use crate::sealing::Derivation;
use serde::{Deserialize, Serialize};

/// How the key is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub(crate) enum Seal {
    KeyFile,
    Passphrase(Derivation),
    /// A kind of key that this program has no way to get.
    #[serde(other)]
    Other,
}

impl Seal {
    /// False if a file asks for what no store of ours would.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::KeyFile | Self::Other => true,
            Self::Passphrase(derivation) => derivation.is_sound(),
        }
    }
}
