//! The sessions that were signed out or ended in this process, whichever client did it: every handle stops to give their tokens,
//! and a record of theirs that a store brings back is not taken for a sign-in.

use super::auth_state::StateReason;
use auth_core::ports::SessionId;
use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// So many are remembered; the oldest is forgotten first.
const MAX_REMEMBERED: usize = 1 << 16;

#[derive(Default)]
struct Ended {
    all: HashMap<u64, StateReason>,
    in_order: VecDeque<u64>,
}

static COUNT: AtomicU64 = AtomicU64::new(0);
static ENDED: Mutex<Option<Ended>> = Mutex::new(None);

fn ended() -> MutexGuard<'static, Option<Ended>> {
    ENDED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number that changes whenever a session ends: as long as it is the same, no session has ended.
#[inline]
pub(super) fn count() -> u64 {
    COUNT.load(Ordering::Acquire)
}

/// Remembers that this session has ended for good, and why. Session ids are random, so no other session has the same.
pub(super) fn remember(SessionId(session_id): SessionId, why: StateReason) {
    let mut ended = ended();
    let Ended { all, in_order } = ended.get_or_insert_default();
    if let Entry::Vacant(entry) = all.entry(session_id) {
        entry.insert(why);
        in_order.push_back(session_id);
        if in_order.len() > MAX_REMEMBERED
            && let Some(oldest) = in_order.pop_front()
        {
            all.remove(&oldest);
        }
    }
    COUNT.fetch_add(1, Ordering::AcqRel);
}

pub(super) fn contains(session_id: SessionId) -> bool {
    why(session_id).is_some()
}

/// Why it has ended, if it has.
pub(super) fn why(SessionId(session_id): SessionId) -> Option<StateReason> {
    if count() == 0 {
        return None;
    }
    ended().as_ref().and_then(|ended| ended.all.get(&session_id).copied())
}
