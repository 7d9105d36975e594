//! What can be done to a running sandbox.

use std::time::Duration;

use auth_sandbox::{Dialect, Fault};

use crate::sandbox::count;
use crate::{NewUser, Sandbox, SandboxError, SandboxLimits, config, scanned};

#[uniffi::export]
impl Sandbox {
    /// Adds a user.
    ///
    /// # Errors
    /// If a field cannot be used, or the e-mail is taken.
    pub fn add_user(&self, user: &NewUser) -> Result<(), SandboxError> {
        user.add_to(&self.inner)
    }

    /// Adds the users of a TOML text, all of them or none.
    ///
    /// # Errors
    /// The line and the field.
    pub fn add_users(&self, toml: &str) -> Result<(), SandboxError> {
        Ok(self.inner.add_users(toml)?)
    }

    /// Lets something go wrong from the next request on.
    ///
    /// # Errors
    /// If the text is no fault.
    pub fn fault(&self, fault: &str) -> Result<(), SandboxError> {
        self.inner.fault(fault.parse::<Fault>()?);
        Ok(())
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.inner.clear_faults();
    }

    /// Moves the sandbox's clock forward.
    pub fn advance(&self, by: Duration) {
        self.inner.advance(by);
    }

    /// How long the tokens live that are issued from now on, in whole seconds.
    pub fn set_token_lifetimes(&self, access: Duration, refresh: Duration) {
        self.inner.set_token_lifetimes(access, refresh);
    }

    /// How long after it was spent a refresh token still gives a new pair.
    pub fn set_refresh_grace(&self, grace: Duration) {
        self.inner.set_refresh_grace(grace);
    }

    /// How many attempts are allowed from now on; null for any number. What is blocked stays blocked.
    pub fn set_limits(&self, limits: Option<SandboxLimits>) {
        self.inner.set_limits(config::limits(limits));
    }

    /// Forgets all attempts and blocks.
    pub fn clear_limits(&self) {
        self.inner.clear_limits();
    }

    /// Whether a front-office sign-in needs a reCAPTCHA response from now on.
    pub fn set_recaptcha(&self, required: bool) {
        self.inner.set_recaptcha(required);
    }

    /// How the host speaks from now on.
    ///
    /// # Errors
    /// If the text is no dialect.
    pub fn set_dialect(&self, dialect: &str) -> Result<(), SandboxError> {
        self.inner.set_dialect(dialect.parse::<Dialect>()?);
        Ok(())
    }

    /// Makes the next sign-in of this user lead to a new password. False when there is no such user.
    pub fn force_reset(&self, email: &str) -> bool {
        self.inner.force_reset(email)
    }

    /// Forgets all sign-ins in progress, and says how many there were.
    pub fn forget_wizards(&self) -> u32 {
        count(self.inner.forget_wizards())
    }

    /// Rejects the access tokens that this user has so far; a refresh gives good ones. Says how many were good.
    pub fn reject_tokens(&self, email: &str) -> u32 {
        count(self.inner.reject_tokens(email))
    }

    /// Ends all sessions of this user, and says how many there were.
    pub fn end_sessions(&self, email: &str) -> u32 {
        count(self.inner.end_sessions(email))
    }

    /// Whether there is QR sign-in from now on.
    pub fn set_qr_available(&self, available: bool) {
        self.inner.set_qr_available(available);
    }

    /// Approves the sign-in of a QR code in this user's name, as their phone would. `code` is its text or the id of its channel.
    /// False when there is no such user, or no such code that waits for a decision.
    pub fn approve_qr(&self, code: &str, email: &str) -> bool {
        self.inner.approve_qr(&scanned::channel_id(code), email)
    }

    /// Declines the sign-in of a QR code. False when there is none that waits for a decision.
    pub fn decline_qr(&self, code: &str) -> bool {
        self.inner.decline_qr(&scanned::channel_id(code))
    }

    /// Breaks all connections of the live channel, and says how many there were. New ones are taken.
    pub fn drop_live(&self) -> u32 {
        count(self.inner.drop_live())
    }

    /// Whether the live channel is polling only from now on.
    pub fn set_polling_only(&self, polling_only: bool) {
        self.inner.set_live_polling_only(polling_only);
    }
}
