//! What can be done to QR sign-in and its live channel from outside of HTTP. `/_sandbox/settings` and `/_sandbox/live` do
//! the same, all but the decisions.

use serde_json::Value;

use crate::live::LiveSession;
use crate::qr::QrSettings;
use crate::sandbox::Sandbox;
use crate::users::Office;

impl Sandbox {
    /// How QR sign-in behaves from now on. Channels that are open keep their lifetime.
    pub fn set_qr(&self, settings: QrSettings) {
        self.host.settings.change(|values| values.qr = settings);
    }

    /// Whether QR sign-in is offered from now on.
    pub fn set_qr_available(&self, available: bool) {
        self.host.settings.change(|values| values.offers.qr = available);
    }

    /// Approves a channel in the name of this front-office user, as its phone would. False when there is no such user, or no
    /// such channel that is still undecided.
    pub fn approve_qr(&self, channel_id: &str, email: &str) -> bool {
        let user = self.host.tables().users.find(Office::Front, email);
        user.is_some_and(|user| self.host.approve_qr_channel(channel_id, user, self.host.now()).is_ok())
    }

    /// Declines a channel. False when there is no such channel that is still undecided.
    pub fn decline_qr(&self, channel_id: &str) -> bool {
        self.host.decline_qr_channel(channel_id, self.host.now()).is_ok()
    }

    /// Who is connected to the live channel, and to what. The host acknowledges no subscription, so a test looks here for it.
    pub fn live_sessions(&self) -> Vec<LiveSession> {
        self.host.live.list()
    }

    /// Publishes an event, whose name may be any JSON as with the original, and says to how many subscribers.
    pub fn publish_live(&self, channel: &str, event: &Value, data: &Value) -> usize {
        self.host.live.publish(channel, event, data)
    }

    /// Sends everybody who is connected a packet as it is, broken ones such as `42["approved"` or `9` too, and says to how
    /// many.
    pub fn publish_live_raw(&self, packet: &str) -> usize {
        self.host.live.publish_raw(packet)
    }

    /// Breaks all connections of the live channel at once, without a farewell; their sessions are over. Says how many there
    /// were. New ones are taken: a fault on [`Endpoint::LiveHandshake`](crate::Endpoint::LiveHandshake) refuses them.
    pub fn drop_live(&self) -> usize {
        self.host.live.drop_all()
    }

    /// Whether every event is published twice from now on.
    pub fn set_live_twice(&self, twice: bool) {
        self.host.live.change(|settings| settings.twice = twice);
    }

    /// Whether the live channel is polling only from now on: a WebSocket is neither offered nor taken. Those that there are
    /// stay.
    pub fn set_live_polling_only(&self, polling_only: bool) {
        self.host.live.change(|settings| settings.polling_only = polling_only);
    }
}
