//! What the host has done and what the actors have said, in the order of time: what [`super::invariants`] judges by.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::Value;

/// One start of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Process {
    pub(super) actor: usize,
    pub(super) start: u32,
}

/// A refresh token that the host has issued.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) family: usize,
    /// Its place in the session: the newest has the highest.
    pub(super) place: usize,
    pub(super) issued: TimePoint,
    /// An actor's store took it.
    pub(super) saved: bool,
}

/// A point in time by the clocks that matter.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimePoint {
    pub(super) at: Instant,
    /// How long the machine had slept, in milliseconds.
    pub(super) slept: i64,
    pub(super) boot_id: u64,
}

impl TimePoint {
    /// The time until a later moment, sleep included.
    pub(super) fn until(&self, later: &Self) -> Duration {
        let slept = u64::try_from(later.slept - self.slept).unwrap_or(0);
        later.at.saturating_duration_since(self.at) + Duration::from_millis(slept)
    }
}

/// A session at the host: all that came of one sign-in.
#[derive(Debug)]
pub(super) struct Family {
    /// Its refresh tokens in the order of their issue.
    pub(super) tokens: Vec<String>,
    /// When an actor was first told to sign it out.
    pub(super) sign_out: Option<Instant>,
    /// What the sign-outs answered.
    pub(super) sign_out_answers: Vec<String>,
    /// What came of each request to revoke it.
    pub(super) revocations: Vec<Outcome>,
    /// Another session was saved in its place.
    pub(super) displaced: bool,
    /// When an older copy of the store was put back.
    pub(super) restored: Vec<Instant>,
    /// Judged as lost already: each is reported once.
    pub(super) is_reported: bool,
    /// Tried at the host after its sign-out.
    pub(super) is_probed: bool,
}

/// A refresh token that was sent to the host.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) token: String,
    pub(super) by: Process,
    pub(super) when: TimePoint,
    /// The place of the newest token of the session that this process was known to have.
    pub(super) known: Option<usize>,
    /// A caller of this process wanted a refresh, whatever the token's age.
    pub(super) is_forced: bool,
    pub(super) outcome: Outcome,
    /// That its answer was not read has been told.
    pub(super) is_reported: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    UnderWay,
    /// No answer, or not the whole of it.
    Lost(&'static str),
    /// An answer of somebody before the host.
    Gateway(u16),
    /// The next pair's refresh token.
    Pair(String),
    /// The documented refusal.
    Refused,
    /// Another answer of the host.
    Other(u16),
}

/// An actor's word that a session is over.
#[derive(Clone, Debug)]
pub(super) struct Gone {
    pub(super) family: usize,
    pub(super) by: Process,
    pub(super) word: String,
    pub(super) step: usize,
}

/// Everything so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) tokens: BTreeMap<String, Token>,
    /// Access tokens by the refresh token of their pair.
    pub(super) access: BTreeMap<String, String>,
    pub(super) families: Vec<Family>,
    pub(super) sent: Vec<Sent>,
    pub(super) gone: Vec<Gone>,
    pub(super) killed: BTreeMap<Process, Instant>,
    /// The newest place that a process was known to have, by session.
    knows: BTreeMap<(Process, usize), usize>,
    /// Callers who want a refresh, by process; those who gave up count on.
    pub(super) forced: BTreeMap<Process, BTreeSet<u64>>,
    /// The refresh tokens themselves, to try them at the host.
    pub(super) secrets: BTreeMap<String, String>,
    /// When somebody was killed who wanted a refresh: the next one finds it begun, and repeats it.
    pub(super) cut_short: Vec<Instant>,
    /// The newest state that whoever watches was given, by process.
    pub(super) states: BTreeMap<Process, String>,
    /// Answers that were there and were not read, in words.
    pub(super) unread: Vec<String>,
    /// Faults that were met, by name.
    pub(super) met: BTreeMap<&'static str, u64>,
}

impl Ledger {
    /// A pair was issued: the first of a session, or in the place of another token.
    pub(super) fn issued(&mut self, access: String, refresh: &str, after: Option<&str>, now: TimePoint) {
        let family = after.and_then(|before| self.tokens.get(before)).map(|token| token.family);
        let family = family.unwrap_or_else(|| {
            self.families.push(Family {
                tokens: Vec::new(),
                sign_out: None,
                sign_out_answers: Vec::new(),
                revocations: Vec::new(),
                displaced: false,
                restored: Vec::new(),
                is_reported: false,
                is_probed: false,
            });
            self.families.len() - 1
        });
        let place = self.families[family].tokens.len();
        self.families[family].tokens.push(refresh.to_owned());
        self.tokens.insert(refresh.to_owned(), Token { family, place, issued: now, saved: false });
        self.access.insert(access, refresh.to_owned());
    }

    /// A refresh token arrives at the host.
    pub(super) fn begin(&mut self, token: String, by: Process, when: TimePoint) -> usize {
        let known = self.family_of(&token).and_then(|family| self.knows.get(&(by, family)).copied());
        // Whoever sends it has it.
        self.learn(by, &token);
        let is_forced = self.forced.get(&by).is_some_and(|calls| !calls.is_empty());
        let outcome = Outcome::UnderWay;
        self.sent.push(Sent { token, by, when, known, is_forced, outcome, is_reported: false });
        self.sent.len() - 1
    }

    /// The host's answer goes out, or does not.
    pub(super) fn answered(&mut self, sent: usize, outcome: Outcome) {
        self.sent[sent].outcome = outcome;
    }

    /// A request to revoke the session of an access token has had its end.
    pub(super) fn revoked(&mut self, access: &str, outcome: Outcome) {
        let family = self.access.get(access).and_then(|refresh| self.family_of(refresh));
        if let Some(family) = family {
            self.families[family].revocations.push(outcome);
        }
    }

    /// A process was seen to have this pair.
    pub(super) fn learn(&mut self, by: Process, refresh: &str) {
        if let Some(token) = self.tokens.get(refresh) {
            let known = self.knows.entry((by, token.family)).or_default();
            *known = (*known).max(token.place);
        }
    }

    /// A process is no more.
    pub(super) fn is_killed(&mut self, process: Process) {
        let now = Instant::now();
        self.killed.insert(process, now);
        if self.forced.remove(&process).is_some_and(|calls| !calls.is_empty()) {
            self.cut_short.push(now);
        }
    }

    /// The session that a refresh token belongs to.
    pub(super) fn family_of(&self, refresh: &str) -> Option<usize> {
        self.tokens.get(refresh).map(|token| token.family)
    }

    /// A process says that the host has not answered in time. That is wrong if its newest refresh was answered.
    fn note_timeout(&mut self, by: Process) {
        let Some(sent) = self.sent.iter_mut().rev().find(|sent| sent.by == by) else { return };
        let Outcome::Pair(next) = &sent.outcome else { return };
        let is_saved = self.tokens.get(next).is_some_and(|token| token.saved);
        if !is_saved && !sent.is_reported {
            sent.is_reported = true;
            let place = self.tokens.get(&sent.token).map(|token| (token.place, token.family));
            let (place, family) = place.unwrap_or_default();
            self.unread.push(format!(
                "actor {} (start {}) says timed_out of its refresh of pair {place} of session {family}, which was answered in time",
                by.actor, by.start
            ));
        }
    }

    /// What a line of an actor says about pairs and sessions.
    pub(super) fn receive(&mut self, by: Process, line: &Value, step: usize) {
        let saved = line["saved"].as_str();
        if let Some(token) = saved.and_then(|saved| self.tokens.get_mut(saved)) {
            token.saved = true;
            let family = token.family;
            for (number, other) in self.families.iter_mut().enumerate() {
                // The families are in the order of their sign-ins.
                other.displaced |= number < family;
            }
        }
        if let (Some(state), Some(reason)) = (line["state"].as_str(), line["reason"].as_str()) {
            self.states.insert(by, state.to_owned());
            let newest =
                self.knows.range((by, 0)..=(by, usize::MAX)).next_back().map(|((_, family), _)| *family);
            let is_end = ["signed_out_elsewhere", "ended_by_host", "expired"].contains(&reason);
            if let (Some(family), true) = (newest, is_end) {
                self.gone.push(Gone { family, by, word: reason.to_owned(), step });
            }
        }
        if line["result"] == "timed_out" && line["had"].is_string() {
            self.note_timeout(by);
        }
        for refresh in [saved, line["has"].as_str()].into_iter().flatten() {
            self.learn(by, refresh);
        }
        if let Some(refresh) = line["borrowed"].as_str().and_then(|access| self.access.get(access)).cloned() {
            self.learn(by, &refresh);
        }
        let family = line["had"].as_str().and_then(|had| self.family_of(had));
        let Some(family) = family else { return };
        let word = line["gone"].as_str().or(line["result"].as_str()).unwrap_or_default();
        if let Some(answer) = line["revocation"].as_str() {
            self.families[family].sign_out_answers.push(answer.to_owned());
        } else if ["session_ended", "not_signed_in"].contains(&word) {
            self.gone.push(Gone { family, by, word: word.to_owned(), step });
        }
    }
}
