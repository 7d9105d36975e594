//! The delivery of revocations, step by step: `session/revocations.rs` and `session/revocation_attempt.rs` of `auth-client`.

use crate::{
    list,
    process::ProcessId,
    record::{History, Record},
    setup::{Rules, Setup},
    world::World,
};
use auth_core::session::Backoff;

/// What has become of a revocation. Mirrors `Delivery`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// The host has revoked the tokens.
    Revoked,
    /// It waits.
    Waits,
    /// Nothing more can be sent, and the host has not confirmed.
    Abandoned,
}

/// A delivery under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// What was in the list and has not been looked at, the newest last.
    pub todo: Vec<Record>,
    /// The revocation that a sign-out waits for, and what has become of it.
    pub watched: Option<(Record, Option<Fate>)>,
    /// The host does not answer: the others wait too.
    pub host_is_away: bool,
    /// What it does next.
    pub next: Next,
}

/// What a delivery does next with one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// Send its access token.
    Send(Entry),
    /// Ask for one more pair, to be revoked.
    Exchange(Entry),
    /// Keep that pair, or take in the 401.
    Exchanged(Entry, Option<u8>),
    /// Send the new pair's access token.
    SendNew(Entry),
    /// Note in the list what has become of it.
    Note(Entry, Fate),
}

/// An entry of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// As it was in the list.
    pub listed: Record,
    /// As it is now.
    pub now: Record,
}

impl Entry {
    fn of(listed: Record) -> Self {
        Self { listed, now: listed }
    }
}

impl World {
    /// Mirrors the beginning of `deliver_watching`. False if nothing waits, or a delivery is under way.
    pub fn begin_delivery(&mut self, by: ProcessId, watched: Option<Record>) -> bool {
        if self.store.list.is_empty() || self.process(by).delivery.is_some() {
            return false;
        }
        let mut todo = self.store.list.clone();
        let Some(newest) = todo.pop() else { return false };
        let watched = watched.map(|watched| (watched, None));
        let next = Next::Send(Entry::of(newest));
        self.process(by).delivery = Some(Delivery { todo, watched, host_is_away: false, next });
        true
    }

    /// The next step. What is asked is lost on the way there or back if `is_lost`: the host gets it, or it does not.
    pub fn step_delivery(&mut self, setup: &Setup, by: ProcessId, loss: Option<Loss>) {
        let rules = setup.rules();
        let Some(mut delivery) = self.process(by).delivery.take() else { return };
        let next = match delivery.next {
            Next::Send(entry) => self.send_revocation(setup, entry, loss),
            Next::Exchange(entry) => self.exchange(setup, entry, loss),
            Next::Exchanged(entry, serial) => self.keep_exchanged(entry, serial),
            Next::SendNew(entry) => match self.ask_to_revoke(setup, entry.now, loss) {
                Some(true) => Next::Note(entry, Fate::Revoked),
                Some(false) | None => Next::Note(entry, Fate::Waits),
            },
            Next::Note(entry, fate) => {
                self.note(rules, entry, fate);
                if let Some((watched, of_watched)) = &mut delivery.watched
                    && entry.listed.session().has_same_pair(&watched.session())
                {
                    *of_watched = Some(fate);
                }
                let Some(listed) = delivery.todo.pop() else { return self.end_delivery(by, delivery) };
                let entry = Entry::of(listed);
                if delivery.host_is_away { Next::Note(entry, Fate::Waits) } else { Next::Send(entry) }
            }
        };
        delivery.host_is_away |= loss.is_some();
        delivery.next = next;
        self.process(by).delivery = Some(delivery);
    }

    /// Mirrors the beginning of `Attempt::revoke`. The access token may always be good: it has no dates.
    fn send_revocation(&mut self, setup: &Setup, entry: Entry, loss: Option<Loss>) -> Next {
        let may_have_another_pair = entry.now.history.in_flight_or_lost;
        match self.ask_to_revoke(setup, entry.now, loss) {
            Some(true) if !may_have_another_pair => return Next::Note(entry, Fate::Revoked),
            Some(_) => {}
            None => return Next::Note(entry, Fate::Waits),
        }
        let backoff: Option<Backoff> = entry.now.session().refresh_history.backoff;
        if backoff.is_some_and(|backoff| backoff.left(&self.now()).is_some()) {
            return Next::Note(entry, Fate::Waits);
        }
        Next::Exchange(entry)
    }

    /// Mirrors `Attempt::exchange_and_revoke` up to the answer: the intent is in the list before the host is asked. The time of a
    /// claim is not modelled: another process may come as soon as this one has written it.
    fn exchange(&mut self, setup: &Setup, entry: Entry, loss: Option<Loss>) -> Next {
        let Some(by_now) = self.store.list.iter().find(|there| there.pair == entry.now.pair).copied() else {
            return Next::Note(entry, Fate::Waits);
        };
        let entry = Entry { listed: by_now, now: by_now };
        let intent = History { in_flight_or_lost: true, ..entry.now.history };
        let intended = Entry { now: Record { history: intent, ..entry.now }, ..entry };
        self.keep(entry.now, intended.now);
        if loss == Some(Loss::Request) {
            return Next::Note(intended, Fate::Waits);
        }
        let pair = entry.now.pair;
        let answer = self.host.refresh(setup.host, pair.session, pair.serial);
        if loss.is_some() {
            return Next::Note(intended, Fate::Waits);
        }
        Next::Exchanged(intended, answer)
    }

    /// Mirrors the rest of `Attempt::exchange_and_revoke`.
    fn keep_exchanged(&mut self, entry: Entry, serial: Option<u8>) -> Next {
        let Some(serial) = serial else {
            // As it was before the intent of this exchange.
            let lost = entry.listed.history.in_flight_or_lost;
            return Next::Note(entry, if lost { Fate::Abandoned } else { Fate::Revoked });
        };
        let new = entry.now.refreshed(serial, self.round);
        self.keep(entry.now, new);
        Next::SendNew(Entry { now: new, ..entry })
    }

    /// Mirrors `Attempt::keep`.
    fn keep(&mut self, before: Record, by: Record) {
        list::replace(&mut self.store.list, before, by);
        let owed = &mut self.outside.owed;
        if before.pair.serial != by.pair.serial && owed.contains(before.pair.serial) {
            owed.remove(before.pair.serial);
            owed.insert(by.pair.serial);
        }
    }

    /// Mirrors `Attempt::send_revocation`. `None` if no answer came.
    fn ask_to_revoke(&mut self, setup: &Setup, record: Record, loss: Option<Loss>) -> Option<bool> {
        if loss == Some(Loss::Request) {
            return None;
        }
        let is_revoked = self.host.revoke(setup.host, record.pair.session, record.pair.serial);
        loss.is_none().then_some(is_revoked)
    }

    /// Mirrors what `deliver_watching` does with the list.
    fn note(&mut self, rules: Rules, entry: Entry, fate: Fate) {
        match fate {
            Fate::Revoked => list::remove(&mut self.store.list, rules.faults, entry.now),
            Fate::Abandoned => {
                list::abandon(&mut self.store.list, rules.faults, entry.now);
                self.outside.owed.remove(entry.now.pair.serial);
            }
            Fate::Waits => {}
        }
    }

    fn end_delivery(&mut self, by: ProcessId, delivery: Delivery) {
        if let Some((watched, fate)) = delivery.watched {
            self.report(by, watched, fate);
        }
    }
}

/// What is lost between a process and the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The request: the host has not seen it.
    Request,
    /// The answer.
    Answer,
}
