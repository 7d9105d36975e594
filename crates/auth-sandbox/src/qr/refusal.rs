//! Why QR sign-in does not go on. Which refusal it is is decided in `channels.rs`; its status and text are in
//! `../render/refusal.rs`.

/// Why a channel or an authorization token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QrRefusal {
    /// There is no such channel.
    Unknown,
    /// The channel's time is over.
    Expired,
    /// The channel was approved or declined before.
    Decided,
    /// The authorization token is unknown, or its time is over.
    BadToken,
    /// The authorization token was used before.
    SpentToken,
    /// The system has no random numbers.
    Random,
}
