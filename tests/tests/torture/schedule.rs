//! What happens next, drawn from the seed.

use super::crew::ACTORS;
use super::host::{Fault, USERS};

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A call, given up after so many milliseconds if there is a number.
    Call {
        actor: usize,
        call: &'static str,
        cancel: Option<u64>,
    },
    SignIn {
        actor: usize,
        email: &'static str,
        cancel: Option<u64>,
        displaces: bool,
    },
    SignOut {
        actor: usize,
        cancel: Option<u64>,
    },
    /// Killed so many milliseconds later, and started again; with a refresh just begun, or with whatever it does.
    Kill {
        actor: usize,
        after: u64,
        amid_refresh: bool,
    },
    /// Stopped for so many milliseconds.
    Freeze {
        actor: usize,
        after: u64,
        millis: u64,
        amid_refresh: bool,
    },
    /// The wall clock is set, by milliseconds.
    SetClock(i64),
    CorrectClock,
    /// The whole machine sleeps for so many milliseconds.
    Sleep(i64),
    Reboot,
    KeepCopy,
    /// One of those that are kept, by a number.
    RestoreCopy(usize),
    /// The next request meets it.
    Fault(Fault),
    /// Each delay of the stores is at most so many milliseconds.
    SlowStores(u64),
}

impl Step {
    /// The next step.
    pub(super) fn draw(random: &mut fastrand::Rng) -> Self {
        let actor = random.usize(..ACTORS);
        let cancel = random.bool() && random.bool();
        let cancel = cancel.then(|| random.u64(..300));
        match random.u32(..100) {
            0..12 => Self::Call { actor, call: "access_token", cancel },
            12..15 => Self::Call { actor, call: "cached", cancel: None },
            15..26 => Self::Call { actor, call: "refresh", cancel },
            26..31 => Self::Call { actor, call: "unauthorized", cancel },
            31..39 => Self::Kill { actor, after: random.u64(..80), amid_refresh: random.bool() },
            39..48 => Self::Freeze {
                actor,
                after: random.u64(..60),
                millis: if random.u32(..5) == 0 { random.u64(3300..6000) } else { random.u64(50..2500) },
                amid_refresh: random.u32(..3) > 0,
            },
            48..52 => Self::SetClock(jump(random)),
            52..54 => Self::CorrectClock,
            54..60 => Self::Sleep(random.i64(500..30_000)),
            60..61 => Self::Reboot,
            61..69 => Self::KeepCopy,
            69..76 => Self::RestoreCopy(random.usize(..)),
            76..90 => Self::Fault(fault(random)),
            90..93 => Self::SlowStores(if random.bool() { 0 } else { random.u64(10..250) }),
            93..96 => Self::SignOut { actor, cancel },
            _ => {
                let email = USERS[random.usize(..USERS.len())];
                Self::SignIn { actor, email, cancel, displaces: random.u32(..6) == 0 }
            }
        }
    }
}

/// From seconds to a day, forward or back.
fn jump(random: &mut fastrand::Rng) -> i64 {
    let most = [5_000, 120_000, 3_600_000, 86_400_000][random.usize(..4)];
    random.i64(-most..=most)
}

fn fault(random: &mut fastrand::Rng) -> Fault {
    match random.u32(..14) {
        0..2 => Fault::GatewayJson,
        2..4 => Fault::GatewayPage,
        4 => Fault::GatewayEmpty,
        5 => Fault::BadGateway,
        6 => Fault::BadGatewayAfter,
        7..9 => Fault::SlowBefore(random.u64(100..2200)),
        9..11 => Fault::SlowAfter(random.u64(100..2200)),
        11 => Fault::CutBefore,
        12 => Fault::CutAfter,
        _ => Fault::CutWithin,
    }
}
