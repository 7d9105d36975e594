//! What can go wrong with one request.

use std::time::Duration;

use jiff::Timestamp;

/// How a fault misbehaves. Unless it says otherwise the endpoint's work is not done: nothing is counted, sent, spent or
/// moved on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// This HTTP status in place of the answer.
    Status {
        /// 200 to 999; any other number becomes 500.
        code: u16,
        /// The `Retry-After` header, if there is to be one.
        retry_after: Option<RetryAfter>,
        /// The body, sent as JSON if it is JSON; none by default.
        body: Option<String>,
    },
    /// The true answer, late. The time is real, whatever the sandbox's clock says.
    Delay {
        /// How late.
        time: Duration,
        /// Whether the work is done before or after the wait. A client that leaves during a wait before the work keeps
        /// the work from being done.
        when: FaultTiming,
    },
    /// The connection is closed without a byte.
    Drop(FaultTiming),
    /// The work is done, but its answer breaks off after this many bytes of its body; more was announced.
    Cut {
        /// How many bytes of the body arrive.
        bytes: usize,
    },
    /// The work is done, and the body of its answer comes bit by bit.
    Drip {
        /// How many bytes at a time; at least one.
        bytes: usize,
        /// The wait between them, in real time.
        every: Duration,
    },
    /// Random bytes that are not HTTP.
    Garbage,
    /// Status 200, content type JSON, and random bytes.
    GarbageBody,
    /// A page in HTML with this status, as a proxy sends it.
    Html {
        /// 200 to 999; any other number becomes 500.
        code: u16,
    },
    /// A redirect.
    Redirect {
        /// 200 to 999; any other number becomes 500.
        code: u16,
        /// The `Location` header; control characters are left out.
        to: String,
    },
    /// A body of this many bytes, made while it is sent.
    Huge {
        /// Its length in bytes.
        size: u64,
        /// Whether the length is announced first.
        framing: Framing,
    },
    /// A small gzip body (`Content-Encoding: gzip`) that inflates to this many bytes.
    Bomb {
        /// The length once inflated, in bytes.
        size: u64,
    },
    /// Status 200, content type JSON, and text that is JSON but for two bytes that are not UTF-8.
    NonUtf8,
    /// All sign-ins in progress are forgotten, wizards and 2FA tokens of both offices; then the request is served.
    DeadWizards,
}

/// On which side of the endpoint's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultTiming {
    /// Before it: the work is not done.
    Before,
    /// After it: tokens are spent, codes sent, sign-ins moved on.
    After,
}

/// How the length of a huge body is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// By `Content-Length`.
    Announced,
    /// Not at all: the body comes in chunks.
    Chunked,
}

/// When to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// In this many seconds.
    Seconds(u64),
    /// At this moment, written as an HTTP date. What a client makes of it depends on its clock, or on `Date`.
    At(Timestamp),
}

/// The gigabytes of a huge body if nothing else is said.
pub(super) const HUGE: u64 = 4 << 30;

impl Act {
    /// A status without a body.
    pub fn status(code: u16) -> Self {
        Self::Status { code, retry_after: None, body: None }
    }

    /// A status with a `Retry-After` header.
    pub fn retry_after(code: u16, when: RetryAfter) -> Self {
        Self::Status { code, retry_after: Some(when), body: None }
    }

    /// The work is done `time` late.
    pub fn delay_before(time: Duration) -> Self {
        Self::Delay { time, when: FaultTiming::Before }
    }

    /// The work is done at once, its answer comes `time` late.
    pub fn delay_after(time: Duration) -> Self {
        Self::Delay { time, when: FaultTiming::After }
    }

    /// The host dies before the work.
    pub fn drop_before() -> Self {
        Self::Drop(FaultTiming::Before)
    }

    /// The host does the work and dies before it has told so.
    pub fn drop_after() -> Self {
        Self::Drop(FaultTiming::After)
    }

    /// A redirect.
    pub fn redirect(code: u16, to: impl Into<String>) -> Self {
        Self::Redirect { code, to: to.into() }
    }

    /// Four gigabytes.
    pub fn huge(framing: Framing) -> Self {
        Self::Huge { size: HUGE, framing }
    }

    /// Four gigabytes in a few megabytes of gzip.
    pub fn bomb() -> Self {
        Self::Bomb { size: HUGE }
    }
}
