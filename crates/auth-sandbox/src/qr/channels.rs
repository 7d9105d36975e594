//! All sign-in channels, from the code on the display to the session that it gets: whether a code or a token is unknown, expired
//! or used before is decided here. The refusals are in `refusal.rs`.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;
use uuid::Uuid;

use super::channel::{Decision, Display, QrChannel};
use super::{QrRefusal, token};
use crate::users::UserId;

/// How many channels are kept, those that are over too; the oldest go first.
const KEPT: usize = 1_000;

/// All channels, oldest first.
#[derive(Default)]
pub(crate) struct QrChannels {
    order: VecDeque<String>,
    channels: HashMap<String, QrChannel>,
    /// Which channel an authorization token belongs to.
    tokens: HashMap<String, String>,
}

impl QrChannels {
    /// Opens a channel for this display and gives its id.
    pub(crate) fn open(&mut self, display: Display) -> String {
        while self.order.len() >= KEPT {
            if let Some(oldest) = self.order.pop_front()
                && let Some(QrChannel { decision: Decision::Approved { token, .. }, .. }) =
                    self.channels.remove(&oldest)
            {
                self.tokens.remove(&token);
            }
        }
        let id = Uuid::new_v4().to_string();
        self.order.push_back(id.clone());
        self.channels.insert(id.clone(), QrChannel { display, decision: Decision::Open });
        id
    }

    /// The display behind a channel that can still be decided on.
    pub(crate) fn display(&mut self, id: &str, now: Timestamp) -> Result<Display, QrRefusal> {
        self.undecided(id, now).map(|channel| channel.display.clone())
    }

    /// Approves in this user's name, and gives the authorization token for the display.
    pub(crate) fn approve(&mut self, id: &str, user: UserId, now: Timestamp) -> Result<String, QrRefusal> {
        let channel = self.undecided(id, now)?;
        let token = token::fresh().map_err(|_| QrRefusal::Random)?;
        channel.decision = Decision::Approved { user, token: token.clone(), is_spent: false };
        self.tokens.insert(token.clone(), id.to_owned());
        Ok(token)
    }

    /// Declines.
    pub(crate) fn decline(&mut self, id: &str, now: Timestamp) -> Result<(), QrRefusal> {
        self.undecided(id, now)?.decision = Decision::Declined;
        Ok(())
    }

    /// Spends an authorization token and says whose session it is good for.
    pub(crate) fn spend(&mut self, token: &str, now: Timestamp) -> Result<UserId, QrRefusal> {
        let id = self.tokens.get(token).ok_or(QrRefusal::BadToken)?;
        let channel = self.channels.get_mut(id).ok_or(QrRefusal::BadToken)?;
        match &mut channel.decision {
            Decision::Approved { is_spent: true, .. } => Err(QrRefusal::SpentToken),
            Decision::Approved { .. } if channel.display.expires <= now => Err(QrRefusal::BadToken),
            Decision::Approved { user, is_spent, .. } => {
                *is_spent = true;
                Ok(*user)
            }
            Decision::Open | Decision::Expired | Decision::Declined => Err(QrRefusal::BadToken),
        }
    }

    /// Ends the channels whose time is over and gives their ids, each once.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<String> {
        let mut expired = Vec::new();
        for (id, channel) in &mut self.channels {
            if matches!(channel.decision, Decision::Open) && channel.display.expires <= now {
                channel.decision = Decision::Expired;
                expired.push(id.clone());
            }
        }
        expired
    }

    fn undecided(&mut self, id: &str, now: Timestamp) -> Result<&mut QrChannel, QrRefusal> {
        let channel = self.channels.get_mut(id).ok_or(QrRefusal::Unknown)?;
        match channel.decision {
            Decision::Approved { .. } | Decision::Declined => Err(QrRefusal::Decided),
            Decision::Expired => Err(QrRefusal::Expired),
            Decision::Open if channel.display.expires <= now => Err(QrRefusal::Expired),
            Decision::Open => Ok(channel),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn a_flood_pushes_out_the_oldest_only() {
        let display = Display {
            ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            location: None,
            user_agent: None,
            created: Timestamp::UNIX_EPOCH,
            expires: Timestamp::MAX,
        };
        let now = Timestamp::UNIX_EPOCH;
        let mut channels = QrChannels::default();
        let ids: Vec<String> = (0..=KEPT).map(|_| channels.open(display.clone())).collect();
        assert_eq!(channels.display(&ids[0], now).err(), Some(QrRefusal::Unknown));
        assert!(channels.display(&ids[1], now).is_ok());
        assert_eq!(channels.channels.len(), KEPT);
    }
}
