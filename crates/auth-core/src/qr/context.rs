//! What an approver is shown before it can approve: what the phone's own host says of the other screen, and the risks.

use super::{
    QrApprovalError, QrProtocol, ScanSource, ScannedCode,
    approval::{code_request, on_refusal},
};
use crate::{
    ApiRequest, CallError, ClockReading, Elapsed, Endpoint, Host, HttpResponse, LockedOut, Timestamp,
    attempts::Limits,
    ports::TransportError,
    secret::AccessToken,
    server_message::Secrets,
    wire::{self, Json, Reply},
};
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};

/// Another sign-in was approved so short a time ago that this one may be unintended.
const RECENT: Duration = Duration::from_secs(30);
/// With less time left than this, the user has no time to read.
const NEARLY: Duration = Duration::from_secs(15);

/// The sign-in that waits for this approval. Show its [details](Self::details), then [approve](Self::approve) or
/// [decline](Self::decline): both take it, so that a code is decided on once, and only after it was looked at.
#[derive(Debug)]
#[must_use = "show it, then approve or decline"]
pub struct QrContext {
    pub(super) protocol: Arc<QrProtocol>,
    pub(super) code: ScannedCode,
    details: QrDetails,
}

/// What is known of the sign-in that waits for an approval, to show to the user.
///
/// All texts are of the phone's own host. What it did not say is `None`: show that as "unknown". Nothing here was taken from the
/// code itself, which anybody can have written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QrDetails {
    /// The account that the other screen would be signed in as.
    pub account: String,
    /// The host that it would be signed in to: the phone's own.
    pub host: Host,
    /// The address of the other screen, as the host sees it.
    pub ip: Option<String>,
    /// Where the host takes the other screen to be.
    pub location: Option<String>,
    /// What the other screen says that it is: its `User-Agent`, which it can have made up.
    pub user_agent: Option<String>,
    /// When the code was made, by the host's clock.
    pub created_at: Option<Timestamp>,
    /// When the code expires, by the host's clock.
    pub expires_at: Option<Timestamp>,
    /// Reasons to look twice.
    pub risks: Vec<QrRisk>,
}

/// What the host said of the other screen.
#[derive(Debug, Default)]
struct Seen {
    ip: Option<String>,
    location: Option<String>,
    user_agent: Option<String>,
    created_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    own_ip: Option<String>,
    host_now: Option<Timestamp>,
}

/// A reason to look twice before approving. More may follow: show one that you do not know as a general warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QrRisk {
    /// The host did not say where the other screen is.
    AddressUnknown,
    /// The other screen is in another network than the phone.
    AddressDiffers,
    /// The code has a few seconds left.
    NearlyExpired,
    /// The code does not name its host, so it may have been shown by another site.
    HostNotNamed,
    /// Another sign-in was approved a few seconds ago.
    RecentApproval,
    /// The code was opened as a link or sent to the phone instead of being scanned from a screen nearby.
    NotFromCamera,
}

impl QrRisk {
    /// A stable name for programs: `address_unknown`, `address_differs`, `nearly_expired`, `host_not_named`,
    /// `recent_approval`, `not_from_camera`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::AddressUnknown => "address_unknown",
            Self::AddressDiffers => "address_differs",
            Self::NearlyExpired => "nearly_expired",
            Self::HostNotNamed => "host_not_named",
            Self::RecentApproval => "recent_approval",
            Self::NotFromCamera => "not_from_camera",
        }
    }
}

/// Who approves, and when.
#[derive(Clone, Debug)]
pub struct Approver {
    /// The account that the other screen would be signed in as.
    pub account: String,
    /// The phone's host.
    pub host: Host,
    /// The time now.
    pub now: ClockReading,
    /// When this phone approved a sign-in last.
    pub last_approval: Option<ClockReading>,
}

/// The host was asked what it knows of a code.
#[derive(Debug)]
#[must_use = "resume it with the answer to the request"]
pub struct InspectInFlight {
    protocol: Arc<QrProtocol>,
    code: ScannedCode,
}

impl ScannedCode {
    /// Asks the host what it knows of the code, where [`QrProtocol::inspect`] says that it can be asked. It changes nothing.
    ///
    /// # Errors
    /// The host cannot be asked: go on with [`context`](Self::context).
    pub fn inspect(
        self,
        protocol: &Arc<QrProtocol>,
        token: AccessToken,
    ) -> Result<(ApiRequest, InspectInFlight), Self> {
        if !protocol.inspect {
            return Err(self);
        }
        let request = code_request(Endpoint::QrInspect, protocol, &self, token);
        Ok((request, InspectInFlight { protocol: protocol.clone(), code: self }))
    }

    /// What is known where the host cannot be asked: nothing but the risks.
    pub fn context(self, protocol: &Arc<QrProtocol>, approver: Approver) -> QrContext {
        QrContext::new(protocol.clone(), self, Seen::default(), approver)
    }
}

impl InspectInFlight {
    /// What the host knows. A host without this call knows nothing, which is no error.
    ///
    /// # Errors
    /// The code has expired or was used, the access token was not taken, or no usable answer came.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        approver: Approver,
        limits: &Limits,
    ) -> Result<QrContext, QrApprovalError> {
        let Self { protocol, code } = self;
        let mut response = outcome.map_err(CallError::from)?;
        let host_now = response.date();
        let without = |code: ScannedCode| code.context(&protocol, approver.clone());
        if matches!(response.status, 405 | 501) {
            return Ok(without(code));
        }
        match wire::read(&mut response, approver.now.wall) {
            Reply::Answer(answer) => {
                let seen = Seen::read(&answer, host_now);
                Ok(QrContext::new(protocol, code, seen, approver))
            }
            Reply::Refused(refusal) => {
                match on_refusal(refusal, &Secrets::of([code.channel_id().expose()])) {
                    QrApprovalError::NotAvailable => Ok(without(code)),
                    error => Err(error),
                }
            }
            Reply::LockedOut(wait) => Err(CallError::LockedOut(LockedOut::by_host(wait, limits)).into()),
            Reply::Failed(CallError::NotB2Core { status: 404, .. }) => Ok(without(code)),
            Reply::Failed(error) => Err(error.into()),
        }
    }
}

impl Seen {
    fn read(answer: &Json<'_>, host_now: Option<Timestamp>) -> Self {
        Self {
            ip: wire::shown(answer, "ip"),
            location: wire::shown(answer, "location"),
            user_agent: wire::shown(answer, "userAgent"),
            created_at: wire::date_of(answer, "createdAt"),
            expires_at: wire::date_of(answer, "expiresAt"),
            own_ip: wire::shown(answer, "yourIp"),
            host_now,
        }
    }
}

impl QrContext {
    fn new(protocol: Arc<QrProtocol>, code: ScannedCode, seen: Seen, approver: Approver) -> Self {
        let risks = risks(&code, &seen, &approver);
        let Approver { account, host, .. } = approver;
        let Seen { ip, location, user_agent, created_at, expires_at, .. } = seen;
        let details = QrDetails { account, host, ip, location, user_agent, created_at, expires_at, risks };
        Self { protocol, code, details }
    }

    /// What to show.
    pub fn details(&self) -> &QrDetails {
        &self.details
    }
}

fn risks(code: &ScannedCode, seen: &Seen, approver: &Approver) -> Vec<QrRisk> {
    let address = match (&seen.ip, &seen.own_ip) {
        (None, _) => Some(QrRisk::AddressUnknown),
        (Some(theirs), _) if address(theirs).is_none() => Some(QrRisk::AddressUnknown),
        (Some(theirs), Some(ours)) if in_different_networks(theirs, ours) => Some(QrRisk::AddressDiffers),
        (Some(_), _) => None,
    };
    let left = seen.expires_at.zip(seen.host_now).map(|(end, now)| end.duration_since(now));
    let nearly = left.is_some_and(|left| Duration::try_from(left).is_ok_and(|left| left < NEARLY));
    let recent = approver.last_approval.as_ref().is_some_and(|last| {
        let elapsed = approver.now.since(last);
        elapsed == Elapsed::Unknown || !elapsed.remaining(RECENT).is_zero()
    });
    [
        address,
        nearly.then_some(QrRisk::NearlyExpired),
        (!code.names_its_host()).then_some(QrRisk::HostNotNamed),
        recent.then_some(QrRisk::RecentApproval),
        (code.source() != ScanSource::Camera).then_some(QrRisk::NotFromCamera),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// True unless both addresses are in one network. Those of two kinds are taken for different ones: whoever shows the code can
/// choose the kind.
fn in_different_networks(one: &str, other: &str) -> bool {
    // The half that a network shares.
    let network = |ip: Ipv6Addr| ip.to_bits() >> 64;
    match (address(one), address(other)) {
        (Some(IpAddr::V4(one)), Some(IpAddr::V4(other))) => one != other,
        (Some(IpAddr::V6(one)), Some(IpAddr::V6(other))) => network(one) != network(other),
        (Some(_), Some(_)) => true,
        _ => false,
    }
}

fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}
