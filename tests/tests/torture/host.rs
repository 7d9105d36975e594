//! The host: a sandbox, and before it a relay that knows which token belongs to which session, and does to the next requests
//! what is queued.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use auth_client::Timestamp;
use auth_sandbox::{Limits, Sandbox, Users};
use e2e::machine::later;
use e2e::raw_host::{Answer, RawHost, Request, http, page};
use e2e::relay::pass_on;
use e2e::token_id::token_id;
use serde_json::{Value, json};

use super::ledger::{Ledger, Outcome, Process, TimePoint};
use super::report::is_traced;

/// How long an actor waits for the host.
pub(super) const TIMEOUT: Duration = Duration::from_secs(3);
/// An answer that is later than this may come too late.
const LATE: Duration = Duration::from_millis(2500);
/// The lives of the tokens, in seconds.
pub(super) const LIVES: (u64, u64) = (4, 900);
/// The users who take turns.
pub(super) const USERS: [&str; 2] = ["ann@example.com", "bob@example.com"];

/// What is done to one request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// A gateway's 401 in JSON, in a page, or with nothing in it; the host is not asked.
    GatewayJson,
    GatewayPage,
    GatewayEmpty,
    /// A 502 before the host is asked, or after it has done its work.
    BadGateway,
    BadGatewayAfter,
    /// So many milliseconds before or after the work.
    SlowBefore(u64),
    SlowAfter(u64),
    /// The connection breaks before the work, after it, or within the answer.
    CutBefore,
    CutAfter,
    CutWithin,
}

/// The host and all that is known of it.
pub(super) struct Host {
    sandbox: Sandbox,
    relay: RawHost,
    ledger: Arc<Mutex<Ledger>>,
    faults: Arc<Mutex<VecDeque<Fault>>>,
}

/// What the relay's threads share.
struct Shared {
    port: u16,
    ledger: Arc<Mutex<Ledger>>,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    slept: Arc<AtomicI64>,
    boot_id: Arc<AtomicU64>,
}

impl Host {
    /// A host whose clock goes on while the machine sleeps.
    pub(super) fn start(grace: Duration, slept: Arc<AtomicI64>, boot_id: Arc<AtomicU64>) -> Self {
        let user = |email: &str| {
            format!("[[user]]\nemail = \"{email}\"\npassword = \"Secret123\"\noffice = \"front\"\n")
        };
        let users: String = USERS.iter().map(|email| user(email)).collect();
        let asleep = Arc::clone(&slept);
        let sandbox = Sandbox::builder()
            .users(Users::from_toml(&users).expect("the users read"))
            .limits(Limits::off())
            .token_lifetimes(Duration::from_secs(LIVES.0), Duration::from_secs(LIVES.1))
            .refresh_grace(grace)
            .clock(move || later(Timestamp::now(), asleep.load(Ordering::SeqCst)))
            .start()
            .expect("the sandbox starts");
        let (ledger, faults) = (Arc::<Mutex<Ledger>>::default(), Arc::<Mutex<VecDeque<Fault>>>::default());
        let shared =
            Shared { port: sandbox.port(), ledger: ledger.clone(), faults: faults.clone(), slept, boot_id };
        let relay = RawHost::start(move |request| shared.serve(request));
        Self { sandbox, relay, ledger, faults }
    }

    /// Its address for actors.
    pub(super) fn url(&self) -> String {
        self.relay.url()
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        locked(&self.ledger)
    }

    /// The next request that is not spared meets this.
    pub(super) fn expect(&self, fault: Fault) {
        locked(&self.faults).push_back(fault);
    }

    /// The very next request meets this.
    pub(super) fn expect_next(&self, fault: Fault) {
        locked(&self.faults).push_front(fault);
    }

    /// Nothing goes wrong any more.
    pub(super) fn forgive(&self) {
        locked(&self.faults).clear();
    }

    /// Whether a session is alive: its newest refresh token is tried on the sandbox itself, which spends it.
    pub(super) fn is_alive(&self, secret: &str) -> bool {
        let body = json!({ "refreshToken": secret }).to_string();
        let request = Request {
            method: "POST".to_owned(),
            path: REFRESH.to_owned(),
            headers: vec![
                "Host: 127.0.0.1".to_owned(),
                "Content-Type: application/json".to_owned(),
                format!("Content-Length: {}", body.len()),
            ],
            body: body.into_bytes(),
        };
        let answer = pass_on(&request, self.sandbox.port()).expect("the sandbox answers");
        status_of(&answer) == 200
    }
}

/// The front office's refresh.
const REFRESH: &str = "/api/v2/my/refresh";

impl Shared {
    fn serve(&self, request: &Request) -> Answer {
        let arrived = Instant::now();
        let refresh = request.json()["refreshToken"].as_str().map(token_id);
        let bearer =
            request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).map(token_id);
        let by = process_of(request);
        let sent = refresh.clone().map(|token| {
            let now = self.now();
            locked(&self.ledger).begin(token, by, now)
        });
        // Opening a wizard costs nothing, so nothing is shown by breaking it.
        let fault = if request.method == "GET" { None } else { locked(&self.faults).pop_front() };
        let end = |outcome: Outcome| {
            if is_traced() {
                println!(
                    "    host: {}.{} {} {refresh:?} {fault:?} {outcome:?}",
                    by.actor, by.start, request.path
                );
            }
            let mut ledger = locked(&self.ledger);
            match (sent, &bearer) {
                (Some(sent), _) => ledger.answered(sent, outcome),
                (None, Some(access)) => ledger.revoked(access, outcome),
                (None, None) => {}
            }
        };
        if let Some(fault) = fault {
            *locked(&self.ledger).met.entry(fault.name()).or_default() += 1;
        }
        match fault {
            Some(Fault::GatewayJson) => {
                end(Outcome::Gateway(401));
                return Answer::Bytes(http(401, "application/json", &[], br#"{"message":"Unauthorized"}"#));
            }
            Some(Fault::GatewayPage) => {
                end(Outcome::Gateway(401));
                return Answer::Bytes(page(401));
            }
            Some(Fault::GatewayEmpty) => {
                end(Outcome::Gateway(401));
                return Answer::Bytes(http(401, "text/plain", &[], b""));
            }
            Some(Fault::BadGateway) => {
                end(Outcome::Gateway(502));
                return Answer::Bytes(page(502));
            }
            Some(Fault::CutBefore) => {
                end(Outcome::Lost("cut before the work"));
                return Answer::Bytes(Vec::new());
            }
            Some(Fault::SlowBefore(millis)) => thread::sleep(Duration::from_millis(millis)),
            // A few milliseconds each, so that a kill can come in between.
            _ => thread::sleep(Duration::from_millis(5)),
        }
        let Ok(answer) = pass_on(request, self.port) else {
            end(Outcome::Lost("the host has stopped"));
            return Answer::Bytes(Vec::new());
        };
        let outcome = self.note(refresh.as_deref(), &answer);
        if let Some(Fault::SlowAfter(millis)) = fault {
            thread::sleep(Duration::from_millis(millis));
        } else {
            thread::sleep(Duration::from_millis(5));
        }
        match fault {
            Some(Fault::CutAfter) => {
                end(Outcome::Lost("cut after the work"));
                Answer::Bytes(Vec::new())
            }
            Some(Fault::CutWithin) => {
                end(Outcome::Lost("cut within the answer"));
                Answer::Bytes(answer[..answer.len() / 2].to_vec())
            }
            Some(Fault::BadGatewayAfter) => {
                end(Outcome::Lost("a 502 after the work"));
                Answer::Bytes(page(502))
            }
            _ => {
                end(if arrived.elapsed() > LATE { Outcome::Lost("later than its time") } else { outcome });
                Answer::Bytes(answer)
            }
        }
    }

    /// What the host has answered, noted before anybody can have it.
    fn note(&self, refresh: Option<&str>, answer: &[u8]) -> Outcome {
        let status = status_of(answer);
        let body = answer.windows(4).position(|end| end == b"\r\n\r\n").map(|at| &answer[at + 4..]);
        let body: Value = serde_json::from_slice(body.unwrap_or_default()).unwrap_or_default();
        if let Some((access, next)) = pair_in(&body) {
            let mut ledger = locked(&self.ledger);
            ledger.issued(token_id(&access), &token_id(&next), refresh, self.now());
            ledger.secrets.insert(token_id(&next), next.clone());
            return Outcome::Pair(token_id(&next));
        }
        let error = &body["error"];
        let is_documented =
            error["code"].is_number() && (error["message"].is_string() || error["details"].is_array());
        if status == 401 && is_documented { Outcome::Refused } else { Outcome::Other(status) }
    }

    fn now(&self) -> TimePoint {
        TimePoint {
            at: Instant::now(),
            slept: self.slept.load(Ordering::SeqCst),
            boot_id: self.boot_id.load(Ordering::SeqCst),
        }
    }
}

impl Fault {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::GatewayJson => "gateway_json_401",
            Self::GatewayPage => "gateway_page_401",
            Self::GatewayEmpty => "gateway_empty_401",
            Self::BadGateway => "502_before",
            Self::BadGatewayAfter => "502_after",
            Self::SlowBefore(_) => "slow_before",
            Self::SlowAfter(_) => "slow_after",
            Self::CutBefore => "cut_before",
            Self::CutAfter => "cut_after",
            Self::CutWithin => "cut_within",
        }
    }
}

/// Which process asks: its user agent says so.
fn process_of(request: &Request) -> Process {
    let agent = request.header("user-agent").unwrap_or_default();
    let (actor, start) = agent.rsplit('/').next().and_then(|last| last.split_once('.')).unwrap_or(("0", "0"));
    Process { actor: actor.parse().unwrap_or(0), start: start.parse().unwrap_or(0) }
}

fn status_of(answer: &[u8]) -> u16 {
    let head = String::from_utf8_lossy(&answer[..answer.len().min(32)]).into_owned();
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// Access token and refresh token, wherever they stand.
fn pair_in(value: &Value) -> Option<(String, String)> {
    let token = |name: &str| value[name]["token"].as_str().map(str::to_owned);
    if let (Some(access), Some(refresh)) = (token("accessToken"), token("refreshToken")) {
        return Some((access, refresh));
    }
    match value {
        Value::Object(fields) => fields.values().find_map(pair_in),
        Value::Array(items) => items.iter().find_map(pair_in),
        _ => None,
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
