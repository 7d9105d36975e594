//! What can be done to a running sandbox from outside of HTTP. The paths under `/_sandbox` do the same.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::dialect::Dialect;
use crate::faults::{Fault, FaultState};
use crate::limits::Limits;
use crate::sandbox::Sandbox;
use crate::settings::Lifetimes;
use crate::users::UsersError;

impl Sandbox {
    /// Sets a fault, from the next request on. Of several that are due at one request the oldest acts.
    pub fn fault(&self, fault: Fault) {
        self.host.faults().add(fault);
    }

    /// The faults that are set, those that are used up too, oldest first.
    pub fn faults(&self) -> Vec<FaultState> {
        self.host.faults().all().to_vec()
    }

    /// Ends all faults. What acts already goes on.
    pub fn clear_faults(&self) {
        self.host.faults().clear();
    }

    /// Forgets all sign-ins in progress: wizards and 2FA tokens of both offices. Says how many there were.
    pub fn forget_wizards(&self) -> usize {
        self.host.forget_wizards()
    }

    /// The sandbox's time.
    pub fn now(&self) -> Timestamp {
        self.host.now()
    }

    /// Moves the sandbox's clock forward.
    pub fn advance(&self, by: Duration) {
        self.host.clock.advance(by);
        self.host.expire_qr_channels(self.host.now());
    }

    /// Sets the sandbox's clock; it goes on from there.
    pub fn set_clock(&self, time: Timestamp) {
        self.host.clock.set(time);
        self.host.expire_qr_channels(self.host.now());
    }

    /// How far the sandbox's clock is ahead of the one it reads; negative if it is behind.
    pub fn clock_offset(&self) -> SignedDuration {
        self.host.clock.offset()
    }

    /// Sets how far the sandbox's clock is ahead of the one it reads; negative for behind.
    pub fn set_clock_offset(&self, offset: SignedDuration) {
        self.host.clock.set_offset(offset);
        self.host.expire_qr_channels(self.host.now());
    }

    /// Whether a front-office sign-in needs a reCAPTCHA response from now on.
    pub fn set_recaptcha(&self, required: bool) {
        self.host.settings.change(|values| values.offers.recaptcha = required);
    }

    /// How the sandbox speaks from now on.
    pub fn set_dialect(&self, dialect: Dialect) {
        self.host.settings.change(|values| values.dialect = Arc::new(dialect));
    }

    /// How long the tokens live that are issued from now on, in whole seconds.
    pub fn set_token_lifetimes(&self, access: Duration, refresh: Duration) {
        self.host.settings.change(|values| values.lifetimes = Lifetimes { access, refresh });
    }

    /// How long after it was spent a refresh token still gives a new pair, from now on.
    pub fn set_refresh_grace(&self, grace: Duration) {
        self.host.settings.change(|values| values.refresh_grace = grace);
    }

    /// How many attempts are allowed from now on. What was counted stays counted, what is blocked stays blocked.
    pub fn set_limits(&self, limits: Limits) {
        self.host.tables().counter.set_limits(limits);
    }

    /// Forgets all attempts and blocks.
    pub fn clear_limits(&self) {
        self.host.tables().counter.clear();
    }

    /// Adds the users of a TOML text, all of them or none; the form is that of [`Users::from_toml`](crate::Users::from_toml).
    ///
    /// # Errors
    /// Says the line and the field; never quotes a value.
    pub fn add_users(&self, toml: &str) -> Result<(), UsersError> {
        self.host.tables().users.add_toml(toml)
    }

    /// Rejects the access tokens that this user has so far, in both offices: they are answered 401 from now on. A refresh gives
    /// good ones. Says how many were good.
    pub fn reject_tokens(&self, email: &str) -> usize {
        self.host.reject_tokens(email)
    }

    /// Ends all sessions of this user, in both offices, as the broker's staff can: neither the tokens nor a refresh are good any
    /// more. Says how many there were.
    pub fn end_sessions(&self, email: &str) -> usize {
        self.host.end_sessions(email)
    }
}
