//! What every store must do.

use super::*;

auth_store::store_conformance!(|| async { open(&server::shared().url()) });
