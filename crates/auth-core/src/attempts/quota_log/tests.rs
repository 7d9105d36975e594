use super::*;
use crate::{BootTime, Timestamp};

const ALL: QuotaShare = QuotaShare::OnDemand;

/// So many milliseconds after the start of machine `id`, whose wall clock is `off` seconds ahead.
fn on(id: u64, millis: u64, off: i64) -> ClockReading {
    let wall = Timestamp::from_second(1_800_000_000 + off).unwrap() + Duration::from_millis(millis);
    ClockReading { wall, boot: Some(BootTime { id, elapsed: Duration::from_millis(1_000_000 + millis) }) }
}

/// A process of a machine.
struct Process {
    machine: u64,
    off: i64,
    seen: SeenGrants,
}

impl Process {
    fn new(machine: u64, off: i64) -> Self {
        Self { machine, off, seen: SeenGrants::default() }
    }

    fn take(&mut self, log: &mut QuotaLog, wanted: u32, share: QuotaShare, at: u64) -> Result<u32, Duration> {
        // As another process reads it.
        *log = QuotaLog::decode(log.encode().expose()).unwrap();
        let now = on(self.machine, at, self.off);
        self.seen.see(log, &now);
        log.take(&quota(), wanted, share, &self.seen, &now)
    }
}

fn quota() -> RefreshQuota {
    RefreshQuota::per_minute(60)
}

#[test]
fn no_window_has_more_than_the_quota_however_often_it_is_asked() {
    let (mut log, mut a, mut b) = (QuotaLog::default(), Process::new(1, 0), Process::new(1, 0));
    let mut taken: Vec<(u64, u32)> = Vec::new();
    for at in (0..300_000).step_by(250) {
        for process in [&mut a, &mut b] {
            if let Ok(count) = process.take(&mut log, 5, ALL, at) {
                taken.push((at, count));
            }
        }
    }
    for (start, _) in &taken {
        let sum: u32 =
            taken.iter().filter(|(at, _)| (*start..start + 60_000).contains(at)).map(|t| t.1).sum();
        assert!(sum <= 60, "{sum} from {start} on");
    }
    let total: u32 = taken.iter().map(|(_, count)| count).sum();
    assert!(total >= 285, "{total} of 300: the quota is used");
    assert!(log.grants.len() <= 63, "{}", log.grants.len());
}

#[test]
fn who_waits_finds_a_share_that_the_background_left() {
    let (mut log, mut process) = (QuotaLog::default(), Process::new(1, 0));
    let mut background = 0;
    while let Ok(count) = process.take(&mut log, 1, QuotaShare::Background, 0) {
        background += count;
    }
    assert_eq!(background, 48);
    let mut waiting = 0;
    let wait = loop {
        match process.take(&mut log, 1, ALL, 0) {
            Ok(count) => waiting += count,
            Err(wait) => break wait,
        }
    };
    assert_eq!(waiting, 12);
    assert_eq!(wait, Duration::from_secs(62), "a window, the life of a slice and the grain");
    let at = u64::try_from(wait.as_millis()).unwrap();
    assert!(process.take(&mut log, 1, ALL, at - 1).is_err());
    assert!(process.take(&mut log, 1, ALL, at).is_ok());
}

#[test]
fn clocks_that_are_minutes_apart_do_not_add_to_the_quota() {
    for off in [-600, -61, 0, 61, 600] {
        let (mut log, mut a, mut b) = (QuotaLog::default(), Process::new(1, 0), Process::new(2, off));
        let mut taken = 0;
        for at in (0..60_000).step_by(250) {
            for process in [&mut a, &mut b] {
                taken += process.take(&mut log, 5, ALL, at).unwrap_or(0);
            }
        }
        assert_eq!(taken, 60, "{off}");
        // It comes free again for both.
        let later = |process: &mut Process, log: &mut QuotaLog| {
            (60_000..200_000).step_by(250).any(|at| process.take(log, 1, ALL, at).is_ok())
        };
        assert!(later(&mut a, &mut log.clone()) && later(&mut b, &mut log), "{off}");
    }
}

#[test]
fn what_machines_took_that_are_long_gone_does_not_count() {
    let (mut log, mut gone) = (QuotaLog::default(), Process::new(1, 0));
    while gone.take(&mut log, 5, ALL, 0).is_ok() {}
    let mut new = Process::new(2, 3600);
    assert_eq!(new.take(&mut log, 1, ALL, 0), Ok(1));
}

#[test]
fn a_pause_holds_back_the_background_alone_and_is_not_shortened() {
    let (mut log, mut process) = (QuotaLog::default(), Process::new(1, 0));
    log.pause(Duration::from_secs(30), &process.seen, &on(1, 0, 0));
    log.pause(Duration::from_secs(5), &process.seen, &on(1, 0, 0));
    let wait = process.take(&mut log, 1, QuotaShare::Background, 10_000);
    assert_eq!(wait, Err(Duration::from_secs(20)));
    assert_eq!(process.take(&mut log, 1, ALL, 10_000), Ok(1));
    assert_eq!(process.take(&mut log, 1, QuotaShare::Background, 30_000), Ok(1));
    log.pause(Duration::MAX, &process.seen, &on(1, 30_000, 0));
    assert_eq!(log.paused(&process.seen, &on(1, 30_000, 0)), Some(MAX_PAUSE));
}

#[test]
fn who_goes_beyond_the_quota_is_counted() {
    let (mut log, mut process) = (QuotaLog::default(), Process::new(1, 0));
    while process.take(&mut log, 1, ALL, 0).is_ok() {}
    log.overdraw(&quota(), &process.seen, &on(1, 30_000, 0));
    assert!(process.take(&mut log, 5, ALL, 30_000).is_err());
    let mut taken = 0;
    while let Ok(count) = process.take(&mut log, 1, ALL, 62_000) {
        taken += count;
    }
    assert_eq!(taken, 59);
}

#[test]
fn format_1_stays_readable() {
    let kept = br#"{"v":1,"next":8,"grants":[{"n":6,"at":"2027-01-15T08:00:00Z","boot":{"id":1,"ms":1000000},"count":60}],
        "pause":{"n":7,"at":"2027-01-15T08:00:00Z","boot":null,"count":5000}}"#;
    let mut log = QuotaLog::decode(kept).unwrap();
    assert_eq!(log, QuotaLog::decode(log.encode().expose()).unwrap());
    assert!(Process::new(1, 0).take(&mut log, 1, ALL, 1).is_err());
    assert_eq!(QuotaLog::decode(br#"{"v":2}"#), Err(RecordError::Newer { found: 2 }));
    for damaged in [&b"{}"[..], br#"{"v":1,"next":0}"#, br#"{"v":1,"next":0,"grants":[{}]}"#] {
        assert_eq!(QuotaLog::decode(damaged), Err(RecordError::Malformed));
    }
}
