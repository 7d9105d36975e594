//! When to ping, and when a connection counts as dead. In engine.io 3 it is the client that pings.

use super::wire::Open;
use std::time::Duration;
use tokio::time::Instant;

/// The heartbeat of one connection.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    next_ping: Instant,
    /// The ping that is not answered yet has to be by then.
    pong_by: Option<Instant>,
    /// Without any packet until then, nobody is there.
    silent_until: Instant,
    /// The bytes that had come by the last complete packet, or when a deadline was put off.
    seen: u64,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Nothing.
    Wait,
    /// A ping has to be sent.
    Ping,
    /// The connection is dead.
    Dead,
}

impl Heartbeat {
    pub(super) fn begin(open: &Open, now: Instant) -> Self {
        let (interval, timeout) = (open.ping_interval, open.ping_timeout);
        let silent_until = now + interval + timeout;
        Self { interval, timeout, next_ping: now + interval, pong_by: None, silent_until, seen: 0 }
    }

    /// A packet has come. `bytes` is how many have come in all.
    pub(super) fn packet(&mut self, now: Instant, bytes: u64) {
        self.seen = bytes;
        self.silent_until = now + self.interval + self.timeout;
    }

    /// The answer to the ping has come.
    pub(super) fn pong(&mut self) {
        self.pong_by = None;
    }

    /// When to look again.
    pub(super) fn next(&self) -> Instant {
        let deadline = self.pong_by.map_or(self.silent_until, |pong| pong.min(self.silent_until));
        deadline.min(self.next_ping)
    }

    /// What is due now. A packet that is only partly there puts the end off: its rest keeps the answer waiting.
    pub(super) fn beat(&mut self, now: Instant, bytes: u64) -> Beat {
        let dead = self.pong_by.is_some_and(|by| by <= now) || self.silent_until <= now;
        if dead && bytes == self.seen {
            return Beat::Dead;
        }
        if dead {
            self.seen = bytes;
            self.pong_by = self.pong_by.map(|by| by.max(now + self.timeout));
            self.silent_until = self.silent_until.max(now + self.timeout);
        }
        if self.next_ping > now {
            return Beat::Wait;
        }
        self.next_ping = now + self.interval;
        self.pong_by.get_or_insert(now + self.timeout);
        Beat::Ping
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn heartbeat(now: Instant) -> Heartbeat {
        let open =
            Open { sid: "a".into(), upgrade: false, ping_interval: 25 * SECOND, ping_timeout: 5 * SECOND };
        Heartbeat::begin(&open, now)
    }

    #[test]
    fn a_ping_each_interval_as_long_as_it_is_answered() {
        let start = Instant::now();
        let mut heart = heartbeat(start);
        for n in 1..10 {
            let due = start + n * 25 * SECOND;
            assert_eq!(heart.next(), due);
            assert_eq!(heart.beat(due - SECOND, 0), Beat::Wait);
            assert_eq!(heart.beat(due, 0), Beat::Ping);
            heart.packet(due + SECOND, u64::from(n));
            heart.pong();
            heart.beat(due + SECOND, u64::from(n));
        }
    }

    #[test]
    fn without_an_answer_it_is_dead_whatever_else_comes() {
        let start = Instant::now();
        let mut heart = heartbeat(start);
        assert_eq!(heart.beat(start + 25 * SECOND, 0), Beat::Ping);
        heart.packet(start + 29 * SECOND, 10);
        assert_eq!(heart.next(), start + 30 * SECOND);
        assert_eq!(heart.beat(start + 30 * SECOND, 10), Beat::Dead);
    }

    #[test]
    fn a_packet_that_trickles_in_keeps_it_alive_until_it_stops() {
        let start = Instant::now();
        let mut heart = heartbeat(start);
        assert_eq!(heart.beat(start + 25 * SECOND, 0), Beat::Ping);
        assert_eq!(heart.beat(start + 30 * SECOND, 3), Beat::Wait);
        assert_eq!(heart.beat(start + 35 * SECOND, 6), Beat::Wait);
        assert_eq!(heart.beat(start + 40 * SECOND, 6), Beat::Dead);
    }

    #[test]
    fn silence_of_an_interval_and_a_timeout_is_the_end() {
        let start = Instant::now();
        let mut heart = heartbeat(start);
        heart.packet(start + 10 * SECOND, 1);
        assert_eq!(heart.beat(start + 40 * SECOND, 1), Beat::Dead);
    }
}
