//! What both transports have in common: packets, heartbeat, reports.

use super::{
    end::End,
    heartbeat::{Beat, Heartbeat},
    progress::Progress,
    wire::{Conversation, Open, Outgoing, Purpose, Reaction},
};
use auth_core::ports::{ChannelError, ChannelEvent, ChannelEvents};
use std::collections::VecDeque;
use tokio::time::Instant;

/// More packets do not wait to be sent. Only a server that pings all the time makes so many.
const MAX_WAITING: usize = 16;

/// One connection, whatever it goes by.
pub(super) struct Session<'a> {
    events: &'a ChannelEvents,
    conversation: Conversation,
    heartbeat: Heartbeat,
    progress: Progress,
    outgoing: VecDeque<Outgoing>,
    /// Since when the channel is subscribed to.
    subscribed: Option<Instant>,
}

impl<'a> Session<'a> {
    pub(super) fn begin(
        events: &'a ChannelEvents,
        conversation: Conversation,
        open: &Open,
        progress: Progress,
    ) -> Self {
        let heartbeat = Heartbeat::begin(open, Instant::now());
        Self { events, conversation, heartbeat, progress, outgoing: VecDeque::new(), subscribed: None }
    }

    /// Takes a packet.
    pub(super) fn receive(&mut self, packet: &str) -> Result<(), End> {
        self.heartbeat.packet(Instant::now(), self.progress.bytes());
        match self.conversation.receive(packet) {
            Reaction::None => {}
            Reaction::Alive => self.heartbeat.pong(),
            Reaction::Send(packet) => self.push(packet),
            Reaction::Message { name, data } => {
                // Whoever gets events is subscribed, even if the answer to the request is still on its way.
                self.report_subscribed();
                self.events.send(ChannelEvent::Message { name, data });
            }
            Reaction::Refused => return Err(End::Refused),
            // Whoever has left needs no farewell.
            Reaction::Over(ChannelError::Unreachable) => return Err(End::BROKEN),
            Reaction::Over(error) => return Err(End::Failed(error)),
        }
        Ok(())
    }

    fn push(&mut self, packet: Outgoing) {
        if self.outgoing.len() < MAX_WAITING {
            self.outgoing.push_back(packet);
        }
    }

    /// The next packet that has to be sent.
    pub(super) fn next_outgoing(&mut self) -> Option<Outgoing> {
        self.outgoing.pop_front()
    }

    /// A packet has been sent.
    pub(super) fn sent(&mut self, purpose: Purpose) {
        if purpose == Purpose::Subscribe {
            self.report_subscribed();
        }
    }

    /// Since when the channel is subscribed to.
    pub(super) fn subscribed(&self) -> Option<Instant> {
        self.subscribed
    }

    fn report_subscribed(&mut self) {
        if self.subscribed.is_none() {
            self.subscribed = Some(Instant::now());
            self.events.send(ChannelEvent::Subscribed);
        }
    }

    /// When to call [`Self::beat`].
    pub(super) fn next_beat(&self) -> Instant {
        self.heartbeat.next()
    }

    /// Pings, or finds that nobody is there any more.
    pub(super) fn beat(&mut self) -> Result<(), End> {
        match self.heartbeat.beat(Instant::now(), self.progress.bytes()) {
            Beat::Wait => Ok(()),
            Beat::Ping => {
                self.push(Outgoing::ping());
                Ok(())
            }
            Beat::Dead => Err(End::BROKEN),
        }
    }
}
