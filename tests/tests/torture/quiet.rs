//! Quiet points: nothing goes wrong any more, everything is continued and waited for; then every actor must be served, and the
//! ledger is judged. The last one is the end.

use std::time::{Duration, Instant};

use auth_client::store::FileStore;
use auth_client::{AuthClient, Office};
use e2e::machine::MachineClock;
use e2e::past::block_on;
use serde_json::{Value, json};

use super::act::Act;
use super::crew::{ACTORS, MANNERS};
use super::host::USERS;
use super::invariants;
use super::ledger::Process;

/// Longer than any of the library's own waits. It ends a hang, which is reported.
const GUARD: Duration = Duration::from_secs(170);
/// A call that waits longer for its answer at a quiet point has been kept waiting by somebody.
const SLOW: Duration = Duration::from_secs(20);

/// A wait at a quiet point.
struct Waits {
    since: Instant,
    is_reported: bool,
}

impl Waits {
    fn from_now() -> Self {
        Self { since: Instant::now(), is_reported: false }
    }
}

impl Act<'_> {
    pub(super) fn be_quiet(&mut self) {
        self.report.count("quiet points");
        self.host.forgive();
        self.wait_for_what_is_due();
        for actor in 0..ACTORS {
            self.tell(actor, json!({"call": "slow", "most": 0}));
        }
        self.settle();
        for actor in 0..ACTORS {
            self.call(actor, "wait", None);
        }
        self.settle();
        self.turn = None;
        self.host.ledger().forced.clear();
        let is_delivered = self.deliver();
        self.serve_all();
        // The states of the last calls are on their way.
        self.receive_until(Instant::now() + Duration::from_millis(50));
        self.judge(is_delivered);
        if self.current().is_none() {
            self.sign_somebody_in();
        }
    }

    /// Waits for every answer.
    fn settle(&mut self) {
        let mut waits = Waits::from_now();
        while let Some((actor, call)) = self.crew.pending().pop() {
            self.wait_more(&mut waits, actor, &call);
            self.receive_until(Instant::now() + Duration::from_millis(10));
        }
        // Lines that were written before the last answer.
        self.receive_until(Instant::now() + Duration::from_millis(20));
    }

    /// Tells of a wait that is too long, and ends what it is for: first a program that does not drive its runtime, which may
    /// hold a lock that others want; in the end the one who waits.
    fn wait_more(&mut self, waits: &mut Waits, actor: usize, call: &str) {
        let waited = waits.since.elapsed();
        if waited > SLOW && !waits.is_reported {
            waits.is_reported = true;
            self.broken(format!(
                "{call} of actor {actor} ({}) is kept waiting for more than {SLOW:?} at a quiet point",
                MANNERS[actor]
            ));
            (0..ACTORS)
                .filter(|idle| MANNERS[*idle] == "per_call")
                .for_each(|idle| self.kill_and_start(idle));
        }
        if waited > GUARD {
            self.broken(format!("actor {actor} ({}) never answers {call}", MANNERS[actor]));
            self.kill_and_start(actor);
            *waits = Waits::from_now();
        }
    }

    /// The answer to one call.
    fn ask(&mut self, actor: usize, call: &str) -> Value {
        let Some(id) = self.call(actor, call, None) else { return Value::Null };
        self.answer(actor, id)
    }

    fn answer(&mut self, actor: usize, id: u64) -> Value {
        let mut waits = Waits::from_now();
        while self.crew.is_pending(id) {
            if let Some((process, line)) = self.receive_one(Instant::now() + Duration::from_millis(100))
                && process.actor == actor
                && line["id"].as_u64() == Some(id)
            {
                return line;
            }
            self.wait_more(&mut waits, actor, "a call");
        }
        // It was killed.
        Value::Null
    }

    /// Delivers what waits; true if nothing waits any more.
    fn deliver(&mut self) -> bool {
        for _ in 0..3 {
            let actor = self.random.usize(..ACTORS);
            let answer = self.ask(actor, "deliver");
            if answer["pending"] == 0 {
                return true;
            }
        }
        self.report.count("quiet points with revocations that still wait");
        false
    }

    /// The refresh token in the store.
    fn current(&mut self) -> Option<String> {
        match self.vault.copy() {
            Ok(copy) => copy.and_then(|copy| copy.refresh),
            Err(error) => {
                self.broken(format!("the store does not open: {error}"));
                None
            }
        }
    }

    /// Everybody gets a token, or the word that the session is over.
    fn serve_all(&mut self) {
        let Some(current) = self.current() else { return };
        self.host.ledger().receive(
            Process { actor: usize::MAX, start: 0 },
            &json!({"saved": current}),
            self.step,
        );
        // The first time some hear that their session was replaced.
        let first = self.random.usize(..ACTORS);
        for try_ in 0..3 {
            let answer = self.ask(first, "refresh");
            match answer["result"].as_str().unwrap_or("killed") {
                "ok" | "killed" => break,
                "session_replaced" | "session_ended" | "not_signed_in" | "nobody" if try_ < 2 => {}
                _ if self.current().is_none() => break,
                other => {
                    let other = other.to_owned();
                    self.broken(format!(
                        "a refresh at a quiet point answers {other} to actor {first} ({})",
                        MANNERS[first]
                    ));
                    break;
                }
            }
        }
        for (actor, manner) in MANNERS.iter().enumerate() {
            for try_ in 0..2 {
                let answer = self.ask(actor, "access_token");
                let result = answer["result"].as_str().unwrap_or("killed").to_owned();
                let is_over =
                    ["session_replaced", "session_ended", "not_signed_in", "nobody"].contains(&&*result);
                if result == "ok" || result == "killed" || (is_over && self.current().is_none()) {
                    break;
                }
                if !is_over || try_ == 1 {
                    self.broken(format!("a token at a quiet point: {result} to actor {actor} ({manner})"));
                }
            }
        }
    }

    fn judge(&mut self, is_delivered: bool) {
        let now = self.now();
        let current = self.current();
        let mut ledger = self.host.ledger();
        let mut wrong = invariants::judge(&mut ledger, &mut self.judged, &now);
        let current = current.and_then(|current| ledger.family_of(&current));
        for (process, state) in &ledger.states {
            let is_right = state == "signed_in" || current.is_none() || !self.crew.is_now(*process);
            if !is_right {
                wrong.push(format!(
                    "actor {} was last given the state {state}, though it got a token",
                    process.actor
                ));
            }
        }
        let mut to_try = Vec::new();
        for number in 0..ledger.families.len() {
            let family = &ledger.families[number];
            let answers = |word: &str| family.sign_out_answers.iter().any(|answer| answer == word);
            let is_said = answers("revoked") || (answers("pending") && is_delivered);
            if is_said && !family.is_probed {
                let newest = family.tokens.last().and_then(|newest| ledger.secrets.get(newest)).cloned();
                let how = format!("answers {:?}, requests {:?}", family.sign_out_answers, family.revocations);
                to_try.push((number, how, newest));
            }
            if current == Some(number) && (answers("revoked") || answers("pending")) {
                wrong.push(format!("session {number} was signed out and is in the store"));
            }
            // A session that was saved is there, or there is a reason why not.
            let was_saved = family.tokens.iter().any(|token| ledger.tokens[token].saved);
            let is_missing = was_saved && current != Some(number) && !family.is_reported;
            if is_missing && !invariants::may_be_over(&ledger, number, &now) {
                wrong.push(format!("session {number} is not in the store any more, which nobody has ended"));
                ledger.families[number].is_reported = true;
            }
        }
        for (number, _, _) in &to_try {
            ledger.families[*number].is_probed = true;
        }
        drop(ledger);
        for (number, how, newest) in to_try {
            self.report.count("signed-out sessions tried at the host");
            if newest.is_some_and(|newest| self.host.is_alive(&newest)) {
                wrong.push(format!(
                    "session {number} was signed out as told, and is alive at the host ({how})"
                ));
            }
        }
        for what in wrong {
            self.broken(what);
        }
    }

    fn sign_somebody_in(&mut self) {
        let (actor, user) = (self.random.usize(..ACTORS), self.random.usize(..USERS.len()));
        let command = json!({"call": "sign_in", "email": USERS[user]});
        let Some(id) = self.tell(actor, command) else { return };
        let answer = self.answer(actor, id);
        if !answer.is_null() && answer["result"] != "ok" {
            self.broken(format!("a sign-in at a quiet point answers {}", answer["result"]));
        }
    }

    /// All are killed; one last client opens the store and signs out. After the next change by another one nothing is left but
    /// the store itself.
    pub(super) fn end(mut self) {
        for actor in 0..ACTORS {
            self.crew.kill(actor);
        }
        let client = AuthClient::builder(self.host.url())
            .clock(MachineClock::of(self.vault.beside("clocks")))
            .store(FileStore::with_key_file(self.vault.path()))
            .build()
            .expect("the host is good");
        let done = block_on(client.sign_out(Office::Front));
        if let Err(error) = done {
            self.broken(format!("the last sign-out answers {}", error.cause.kind()));
        }
        drop(client);
        // Its own lock files stay for the next one who changes the store, and nothing else does.
        let own = self.vault.left_over();
        self.report.add("lock files of the last client", own.len() as u64);
        if let Some(other) = own.iter().find(|name| !name.ends_with(".lease")) {
            self.broken(format!("left over beside the store: {other}"));
        }
        block_on(self.vault.change_once());
        let left = self.vault.left_over();
        if !left.is_empty() {
            self.broken(format!("left over beside the store: {}", left.join(", ")));
        }
        let ledger = self.host.ledger();
        self.report.take(&ledger);
    }
}
