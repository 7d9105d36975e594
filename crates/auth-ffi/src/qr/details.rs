//! What an approver is shown before the user decides.

use crate::print::redacted;
use auth_client::Timestamp;

/// What is known of the sign-in that waits for an approval, to show to the user. All texts are of this device's own host; what
/// it did not say is null: show that as "unknown". Nothing was taken from the scanned code, which anybody can have written.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct QrDetails {
    /// The account that the other screen would be signed in as.
    pub account: String,
    /// The host that it would be signed in to.
    pub host: String,
    /// The address of the other screen, as the host sees it.
    pub ip: Option<String>,
    /// Where the host takes the other screen to be.
    pub location: Option<String>,
    /// What the other screen says that it is, which it can have made up.
    pub user_agent: Option<String>,
    /// When the code was made, by the host's clock, in seconds since 1970.
    pub created_at_epoch_seconds: Option<i64>,
    /// When the code expires, by the host's clock, in seconds since 1970.
    pub expires_at_epoch_seconds: Option<i64>,
    /// Reasons to look twice.
    pub risks: Vec<QrRisk>,
}

// The account is an e-mail, and address and place are a person's.
redacted!(QrDetails, |details, f| write!(f, "QrDetails({}, {:?})", details.host, details.risks));

impl From<&auth_client::QrDetails> for QrDetails {
    fn from(details: &auth_client::QrDetails) -> Self {
        let seconds = |at: Option<Timestamp>| at.map(Timestamp::as_second);
        Self {
            account: details.account.clone(),
            host: details.host.to_string(),
            ip: details.ip.clone(),
            location: details.location.clone(),
            user_agent: details.user_agent.clone(),
            created_at_epoch_seconds: seconds(details.created_at),
            expires_at_epoch_seconds: seconds(details.expires_at),
            risks: details.risks.iter().map(|risk| (*risk).into()).collect(),
        }
    }
}

/// A reason to look twice before approving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum QrRisk {
    /// The host did not say where the other screen is.
    AddressUnknown,
    /// The other screen is in another network than this device.
    AddressDiffers,
    /// The code has a few seconds left.
    NearlyExpired,
    /// The code does not name its host, so it may have been shown by another site.
    HostNotNamed,
    /// Another sign-in was approved a few seconds ago.
    RecentApproval,
    /// The code was opened as a link or sent to this device instead of being scanned from a screen nearby.
    NotFromCamera,
    /// Another reason, that this version has no name for.
    Other,
}

impl From<auth_client::QrRisk> for QrRisk {
    fn from(risk: auth_client::QrRisk) -> Self {
        use auth_client::QrRisk as Rust;
        match risk {
            Rust::AddressUnknown => Self::AddressUnknown,
            Rust::AddressDiffers => Self::AddressDiffers,
            Rust::NearlyExpired => Self::NearlyExpired,
            Rust::HostNotNamed => Self::HostNotNamed,
            Rust::RecentApproval => Self::RecentApproval,
            Rust::NotFromCamera => Self::NotFromCamera,
            _ => Self::Other,
        }
    }
}
