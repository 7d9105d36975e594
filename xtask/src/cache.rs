//! Where things are kept that outlive a checkout.

use std::path::PathBuf;

use crate::shell::Failure;

/// A folder below the user's cache, for tools and toolchains that several checkouts share.
pub(crate) fn folder(name: &str) -> Result<PathBuf, Failure> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    let cache = cache.ok_or_else(|| Failure::new("no folder for tools: set XDG_CACHE_HOME"))?;
    Ok(cache.join("b2core-auth").join(name))
}
