//! What goes wrong, and what has to come of it.

/// A fault and its outcome at any endpoint that a sign-in is at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The fault as text; `TARGET` stands for the address of another host.
    pub(super) fault: &'static str,
    /// The error's kind.
    pub(super) kind: &'static str,
    /// What the user can do next.
    pub(super) recovery: &'static str,
    /// The wait that is notified, in seconds.
    pub(super) wait: Option<u64>,
    /// The host has done what was asked, and only its answer is lost.
    pub(super) done: bool,
}

const fn row(fault: &'static str, kind: &'static str, recovery: &'static str) -> Row {
    Row { fault, kind, recovery, wait: None, done: false }
}

impl Row {
    const fn after(self, seconds: u64) -> Self {
        Self { wait: Some(seconds), ..self }
    }

    const fn work_done(self) -> Self {
        Self { done: true, ..self }
    }
}

/// Those that are over at once.
pub(super) const QUICK: [Row; 28] = [
    row("status=500", "host_failed", "retry"),
    row("status=503,retry_after=7", "host_failed", "retry").after(7),
    row("status=408", "host_failed", "retry"),
    row("status=425", "host_failed", "retry"),
    row("html=502", "host_failed", "retry"),
    row("status=429,retry_after=7", "locked_out", "wait").after(7),
    row("html=429", "locked_out", "wait").after(600),
    row("status=423", "locked_out", "wait").after(600),
    row("status=418", "not_b2core", "report"),
    row("status=200", "not_b2core", "report"),
    row("html=200", "not_b2core", "report"),
    row("html=403", "not_b2core", "report"),
    row("garbage=body", "not_b2core", "report"),
    row("non_utf8", "not_b2core", "report"),
    // It is not inflated: that would be for nothing.
    row("bomb,size=100m", "not_b2core", "report"),
    row("bomb", "too_large", "report"),
    row("huge=announced", "too_large", "report"),
    row("huge=chunked", "too_large", "report"),
    row("garbage", "not_http", "report"),
    row("redirect=301,to=TARGET", "redirected", "report"),
    row("redirect=302,to=TARGET", "redirected", "report"),
    row("redirect=303,to=TARGET", "redirected", "report"),
    row("redirect=307,to=TARGET", "redirected", "report"),
    row("redirect=308,to=TARGET", "redirected", "report"),
    row("drop=before", "interrupted", "retry"),
    row("drop=after", "interrupted", "retry").work_done(),
    row("cut=0", "interrupted", "retry").work_done(),
    row("cut=10", "interrupted", "retry").work_done(),
];

/// Those that last until the client has had enough.
pub(super) const SLOW: [Row; 3] = [
    row("delay=3600s,when=before", "timed_out", "retry"),
    row("delay=3600s,when=after", "timed_out", "retry").work_done(),
    row("drip=1,every=3600s", "timed_out", "retry").work_done(),
];
