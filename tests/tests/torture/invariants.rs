//! What must hold of a ledger. Judged at quiet points, when every answer has come and every process is known to live or not.
//!
//! 1. No session is lost without the host's own words about its newest token: whoever says that a session is over has a
//!    documented refusal of the host, and no refused token was older than one that its sender, or the store, could have.
//! 2. A revocation that an actor speaks of has happened: that is tried at the host ([`super::quiet`]).
//! 3. One refresh for each expiry: no refresh token is sent twice unless the first answer was lost on its way, and none is sent
//!    while its pair is fresh, unless somebody asked for that.
//!
//! 4. An answer that is there is read: nobody says that the host was too slow when its answer came in time, frozen or not.
//!
//! What the world took away excuses: an answer that was cut, late, or a gateway's; a process that was killed before it had
//! saved what it got; an older copy of the store's file, for a process that has never had the newer pair.

use std::time::{Duration, Instant};

use super::host::LIVES;
use super::ledger::{Family, Ledger, Outcome, Sent, TimePoint};

/// A pair that is younger than this is fresh by any jitter: refreshes are due when a fifth of its life is left, at most.
pub(super) const FRESH: Duration = Duration::from_millis(2500);

/// Everything that is wrong and was not told before.
pub(super) fn judge(ledger: &mut Ledger, judged: &mut usize, now: &TimePoint) -> Vec<String> {
    let mut wrong = Vec::new();
    for index in *judged..ledger.sent.len() {
        let sent = &ledger.sent[index];
        let Some(token) = ledger.tokens.get(&sent.token) else {
            wrong.push(format!("{} sends a refresh token that the host has not issued", name(sent)));
            continue;
        };
        let family = &ledger.families[token.family];
        // What is done for a revocation is not a refresh of a session.
        let is_signed_out = family.sign_out.is_some_and(|told| told < sent.when.at);
        if is_signed_out {
            continue;
        }
        if sent.known.is_some_and(|known| known > token.place) {
            wrong.push(format!(
                "{} sends pair {} of session {}, though it has had pair {}{}",
                name(sent),
                token.place,
                token.family,
                sent.known.unwrap_or_default(),
                after_a_restore(family, token.issued.at, sent),
            ));
        }
        let earlier = ledger.sent[..index].iter().filter(|other| other.token == sent.token);
        let mut is_first = true;
        for other in earlier {
            is_first = false;
            if !was_lost(ledger, other, sent) {
                wrong.push(format!(
                    "{} sends pair {} of session {} again, which {} had sent {:?} before, answered {}{}",
                    name(sent),
                    token.place,
                    token.family,
                    name(other),
                    sent.when.at.saturating_duration_since(other.when.at),
                    told(&other.outcome),
                    after_a_restore(family, other.when.at, sent),
                ));
            }
        }
        let age = token.issued.until(&sent.when);
        let is_repeated = ledger.cut_short.iter().any(|at| (token.issued.at..=sent.when.at).contains(at));
        let is_wanted = sent.is_forced || is_repeated;
        if is_first && !is_wanted && age < FRESH && token.issued.boot_id == sent.when.boot_id {
            wrong.push(format!(
                "{} refreshes pair {} of session {}, which is {age:?} old",
                name(sent),
                token.place,
                token.family
            ));
        }
        if sent.outcome == Outcome::Refused
            && let Some(newer) = newer_that_was_given(ledger, family, sent, token.place)
        {
            wrong.push(format!(
                "session {} is ended by {}, which sent pair {} though pair {newer} had been given{}",
                token.family,
                name(sent),
                token.place,
                after_a_restore(family, token.issued.at, sent),
            ));
        }
    }
    *judged = ledger.sent.len();
    wrong.append(&mut ledger.unread);
    for gone in std::mem::take(&mut ledger.gone) {
        if !ledger.families[gone.family].is_reported && !may_be_over(ledger, gone.family, now) {
            ledger.families[gone.family].is_reported = true;
            wrong.push(format!(
                "actor {} says {} of session {}, which the host has not ended (step {})",
                gone.by.actor, gone.word, gone.family, gone.step
            ));
        }
    }
    wrong
}

/// Whether a session may be over: somebody signed it out or in over it, the host said so, or its time has passed.
pub(super) fn may_be_over(ledger: &Ledger, family: usize, now: &TimePoint) -> bool {
    let Family { sign_out, displaced, tokens, .. } = &ledger.families[family];
    let is_refused = || {
        let of_family = |sent: &&Sent| ledger.family_of(&sent.token) == Some(family);
        ledger.sent.iter().filter(of_family).any(|sent| sent.outcome == Outcome::Refused)
    };
    let is_expired = || {
        let newest = tokens.last().and_then(|newest| ledger.tokens.get(newest));
        newest.is_none_or(|newest| newest.issued.until(now) >= Duration::from_secs(LIVES.1 - 1))
    };
    sign_out.is_some() || *displaced || is_refused() || is_expired()
}

/// Whether the answer to `first` was lost to whoever sent `again`.
fn was_lost(ledger: &Ledger, first: &Sent, again: &Sent) -> bool {
    match &first.outcome {
        Outcome::Lost(_) | Outcome::Gateway(_) | Outcome::Other(_) => true,
        Outcome::UnderWay | Outcome::Refused => is_dead(ledger, first, again),
        Outcome::Pair(next) => {
            let Some(next) = ledger.tokens.get(next) else { return true };
            let before = again.known.is_none_or(|known| known < next.place);
            let was_restored = ledger.families[next.family]
                .restored
                .iter()
                .any(|at| *at >= first.when.at && *at <= again.when.at && before);
            // A copy takes away only what was in the store.
            (was_restored && next.saved) || (!next.saved && is_dead(ledger, first, again))
        }
    }
}

/// The sender of `first` was killed before `again` was sent.
fn is_dead(ledger: &Ledger, first: &Sent, again: &Sent) -> bool {
    ledger.killed.get(&first.by).is_some_and(|killed| *killed <= again.when.at)
}

/// The place of a newer pair that somebody was given and could have, when an older one was refused.
fn newer_that_was_given(ledger: &Ledger, family: &Family, refused: &Sent, place: usize) -> Option<usize> {
    family.tokens.iter().enumerate().skip(place + 1).find_map(|(newer, id)| {
        let token = ledger.tokens.get(id)?;
        // Issued after the refusal: no earlier than the session's end, which is impossible, or in a grace.
        if token.issued.at > refused.when.at {
            return None;
        }
        let giving = ledger.sent.iter().find(|sent| sent.outcome == Outcome::Pair(id.clone()));
        // Without such an answer it was lost on its way.
        let giving = giving?;
        let was_restored = family.restored.iter().any(|at| *at >= giving.when.at && *at <= refused.when.at);
        let is_excused = (was_restored && token.saved && refused.known.is_none_or(|known| known < newer))
            || (!token.saved && is_dead(ledger, giving, refused));
        (!is_excused).then_some(newer)
    })
}

/// What explains most of what is wrong with a token.
fn after_a_restore(family: &Family, since: Instant, sent: &Sent) -> &'static str {
    let was_restored = family.restored.iter().any(|at| (since..=sent.when.at).contains(at));
    if was_restored { " (after an older copy was put back)" } else { "" }
}

fn name(sent: &Sent) -> String {
    format!("actor {} ({}, start {})", sent.by.actor, super::crew::MANNERS[sent.by.actor], sent.by.start)
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Pair(_) => "with the next pair".to_owned(),
        Outcome::Refused => "with the documented refusal".to_owned(),
        other => format!("{other:?}"),
    }
}
