//! The states of a display.

use crate::{Session, host::ClockInUse};
use auth_core::{
    Timestamp,
    qr::QrCode,
    secret::{ChannelName, QrChannelId, QrPayload},
};
use std::{fmt, sync::Arc, time::Duration};

/// Where a QR sign-in is.
///
/// It is not `#[non_exhaustive]`: a display has to show each of them, so a new one breaks its build.
#[derive(Clone, Debug)]
pub enum QrState {
    /// The first code is to be shown.
    Shown(QrShown),
    /// Another code is to be shown; the last one is not usable any more.
    Renewed(QrShown),
    /// The code was approved. It is exchanged now, and must not be shown any more.
    Approved,
    /// Whoever scanned the code declined. This is the end.
    Declined,
    /// The code must not be shown any more. The next one follows by itself.
    Expired(QrExpiry),
    /// The approval was exchanged, and the session is saved. This is the end.
    SignedIn(Session),
    /// The host has no QR sign-in, or it is switched off. This is the end.
    NotAvailable,
}

/// Why a code is not usable any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QrExpiry {
    /// Its lifetime is over.
    Lifetime,
    /// The host said so.
    Host,
    /// The connection to the live channel was interrupted, so that an approval may have been missed.
    ConnectionLost,
    /// It was approved, and the approval had expired before it could be exchanged.
    Late,
}

impl QrExpiry {
    /// A stable name for programs: `lifetime`, `host`, `connection_lost`, `late`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Lifetime => "lifetime",
            Self::Host => "host",
            Self::ConnectionLost => "connection_lost",
            Self::Late => "late",
        }
    }
}

impl QrState {
    /// A stable name: `shown`, `renewed`, `approved`, `declined`, `expired`, `signed_in`, `not_available`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Shown(_) => "shown",
            Self::Renewed(_) => "renewed",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Expired(_) => "expired",
            Self::SignedIn(_) => "signed_in",
            Self::NotAvailable => "not_available",
        }
    }

    /// The code to show now, if there is one.
    pub fn code(&self) -> Option<&QrShown> {
        match self {
            Self::Shown(code) | Self::Renewed(code) => Some(code),
            Self::Approved | Self::Declined | Self::Expired(_) | Self::SignedIn(_) | Self::NotAvailable => {
                None
            }
        }
    }

    /// True if no other state follows.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Declined | Self::SignedIn(_) | Self::NotAvailable)
    }
}

/// A code to show. Cheap to clone.
///
/// Whoever is signed in and sees the [payload](Self::payload) can approve this sign-in. `Debug` does not show it.
#[derive(Clone)]
pub struct QrShown {
    code: Arc<QrCode>,
    clock: ClockInUse,
}

impl QrShown {
    pub(super) fn new(code: Arc<QrCode>, clock: ClockInUse) -> Self {
        Self { code, clock }
    }

    /// The text to show as a QR code.
    pub fn payload(&self) -> &QrPayload {
        self.code.payload()
    }

    /// The id of the sign-in channel.
    pub fn channel_id(&self) -> &QrChannelId {
        self.code.channel_id()
    }

    /// The name under which the host publishes this channel's events.
    pub fn channel_name(&self) -> &ChannelName {
        self.code.channel_name()
    }

    /// The name of the event that brings the approval.
    pub fn event(&self) -> &str {
        self.code.event()
    }

    /// The address of this screen, as the host sees it.
    pub fn ip(&self) -> Option<&str> {
        self.code.ip()
    }

    /// Where the host takes this screen to be, by its address.
    pub fn location(&self) -> Option<&str> {
        self.code.location()
    }

    /// When the code expires by the device's wall clock. For a countdown use [`time_left`](Self::time_left), which does not
    /// depend on how that clock is set.
    pub fn expires_at(&self) -> Timestamp {
        self.code.expires_at()
    }

    /// How long the code lives in all.
    pub fn lifetime(&self) -> Duration {
        self.code.lifetime()
    }

    /// How long the code may still be shown. Zero: hide it.
    pub fn time_left(&self) -> Duration {
        self.code.time_left(&self.clock.reading())
    }
}

impl fmt::Debug for QrShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrShown").field("expires_at", &self.expires_at()).finish_non_exhaustive()
    }
}
