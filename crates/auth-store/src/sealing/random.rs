//! Random bytes from the system's generator.

use auth_core::ports::StoreError;
use zeroize::Zeroizing;

/// Fresh random bytes.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, StoreError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes)
        .map_err(|_| StoreError::unavailable("the system gives no random numbers"))?;
    Ok(bytes)
}
