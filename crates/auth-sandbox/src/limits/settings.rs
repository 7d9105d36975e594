//! How many attempts are allowed, and how long a block lasts.

use std::time::Duration;

use super::group::Group;

/// The allowed attempts per minute for each group of endpoints, and the block that follows one too many.
///
/// Attempts are counted per office, group, account and client address; every attempt counts, the successful ones too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(super) enabled: bool,
    pub(super) sign_in: u32,
    pub(super) refresh: u32,
    pub(super) codes: u32,
    pub(super) confirm: u32,
    pub(super) qr: u32,
    pub(super) window: Duration,
    pub(super) block: Duration,
}

impl Default for Limits {
    /// The vendor's defaults: 5 sign-ins, 5 refreshes, 5 front-office codes and 3 back-office codes a minute, then
    /// ten minutes of block. For QR sign-in, of which the vendor says nothing, 30 calls of a kind.
    fn default() -> Self {
        Self {
            enabled: true,
            sign_in: 5,
            refresh: 5,
            codes: 5,
            confirm: 3,
            qr: 30,
            window: Duration::from_secs(60),
            block: Duration::from_secs(600),
        }
    }
}

impl Limits {
    /// No limits at all.
    pub fn off() -> Self {
        Self { enabled: false, ..Self::default() }
    }

    /// Allowed sign-ins, in either office.
    #[must_use]
    pub fn sign_in(mut self, attempts: u32) -> Self {
        self.sign_in = attempts;
        self
    }

    /// Allowed refreshes, in either office.
    #[must_use]
    pub fn refresh(mut self, attempts: u32) -> Self {
        self.refresh = attempts;
        self
    }

    /// Allowed code checks in the front office: both second factors and the code of a password reset.
    #[must_use]
    pub fn codes(mut self, attempts: u32) -> Self {
        self.codes = attempts;
        self
    }

    /// Allowed code checks in the back office.
    #[must_use]
    pub fn confirm(mut self, attempts: u32) -> Self {
        self.confirm = attempts;
        self
    }

    /// Allowed calls of QR sign-in, counted apart: codes and exchanges per address, decisions per account and address.
    #[must_use]
    pub fn qr(mut self, attempts: u32) -> Self {
        self.qr = attempts;
        self
    }

    /// The time within which attempts are counted; a minute by default.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// How long a block lasts; ten minutes by default.
    #[must_use]
    pub fn block(mut self, block: Duration) -> Self {
        self.block = block;
        self
    }

    /// The allowed attempts of this group.
    pub(super) fn allowed(&self, group: Group) -> u32 {
        match group {
            Group::SignIn => self.sign_in,
            Group::Refresh => self.refresh,
            Group::Codes => self.codes,
            Group::Confirm => self.confirm,
            Group::QrChannel | Group::QrExchange | Group::QrDecision => self.qr,
        }
    }
}
