//! Sessions over a restart: what is written of them, and taking it up again.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Family, Issued, Sessions, Use};
use crate::users::{Office, UserId};

/// All sessions with a token that is not over; digests in place of tokens.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptSessions {
    families: Vec<KeptFamily>,
    /// Oldest first.
    tokens: Vec<KeptToken>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptFamily {
    id: u64,
    office: Office,
    email: String,
    revoked: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptToken {
    /// The SHA-256 of the token, in Base64.
    digest: String,
    family: u64,
    good_for: Use,
    expires: Timestamp,
    spent: Option<Timestamp>,
}

/// A digest that is none, a token of no family, or a name that is none.
#[derive(Debug)]
pub(crate) struct Torn;

impl Sessions {
    /// What is to be written, with the users' e-mails.
    pub(crate) fn keep(&self, now: Timestamp, email: impl Fn(UserId) -> String) -> KeptSessions {
        let lasting = self.order.iter().filter_map(|key| Some((key, self.tokens.get(key)?)));
        let tokens: Vec<KeptToken> = lasting
            .filter(|(_, issued)| issued.expires > now)
            .map(|(key, issued)| KeptToken {
                digest: STANDARD.encode(key),
                family: issued.family,
                good_for: issued.good_for,
                expires: issued.expires,
                spent: issued.spent,
            })
            .collect();
        let mut ids: Vec<u64> = tokens.iter().map(|token| token.family).collect();
        ids.sort_unstable();
        ids.dedup();
        let family = |id: u64| {
            let Family { office, user, revoked, tokens: _ } = self.families.get(&id)?;
            Some(KeptFamily { id, office: *office, email: email(*user), revoked: *revoked })
        };
        KeptSessions { families: ids.into_iter().filter_map(family).collect(), tokens }
    }

    /// Takes up what was written. Sessions of users that there are no more are left out.
    pub(crate) fn resume(
        kept: KeptSessions,
        find: impl Fn(Office, &str) -> Option<UserId>,
    ) -> Result<Self, Torn> {
        let mut sessions = Self::default();
        let mut known: HashMap<u64, bool> = HashMap::new();
        for KeptFamily { id, office, email, revoked } in kept.families {
            let user = find(office, &email);
            known.insert(id, user.is_some());
            sessions.opened = sessions.opened.max(id);
            if let Some(user) = user {
                sessions.families.insert(id, Family { office, user, revoked, tokens: 0 });
            }
        }
        for KeptToken { digest, family, good_for, expires, spent } in kept.tokens {
            let key: [u8; 32] =
                STANDARD.decode(digest).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(Torn)?;
            if *known.get(&family).ok_or(Torn)? {
                sessions.add(key, Issued { family, good_for, expires, spent });
            }
        }
        Ok(sessions)
    }
}
