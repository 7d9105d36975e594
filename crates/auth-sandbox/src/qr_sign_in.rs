//! What happens to a channel, and what its display learns over the live channel.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::host::Host;
use crate::qr::{QrRefusal, event_channels};
use crate::users::UserId;

impl Host {
    /// Approves, and brings the authorization token to the display.
    pub(crate) fn approve_qr_channel(&self, id: &str, user: UserId, now: Timestamp) -> Result<(), QrRefusal> {
        let token = self.tables().qr.approve(id, user, now)?;
        self.publish_qr(id, "approved", &json!({ "authorizationToken": token }));
        Ok(())
    }

    /// Declines, and tells the display.
    pub(crate) fn decline_qr_channel(&self, id: &str, now: Timestamp) -> Result<(), QrRefusal> {
        self.tables().qr.decline(id, now)?;
        self.publish_qr(id, "declined", &json!({}));
        Ok(())
    }

    /// Tells the displays whose time is over. Called when the clock was moved and with every request of QR sign-in and the
    /// live channel: no timer watches it.
    pub(crate) fn expire_qr_channels(&self, now: Timestamp) {
        let expired = self.tables().qr.expire(now);
        for id in expired {
            self.publish_qr(&id, "expired", &json!({}));
        }
    }

    fn publish_qr(&self, id: &str, event: &str, data: &Value) {
        for channel in event_channels(id) {
            self.live.publish(&channel, &json!(event), data);
        }
    }
}
