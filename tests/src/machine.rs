//! The clocks of a machine that a test moves: every process on it reads the same offsets from one small file, and a host
//! of the test's own goes on while the machine sleeps.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth_client::ports::Clock;
use auth_client::{BootTime, SignedDuration, SystemClock, Timestamp};

/// How far a machine's clocks are from those of the system, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Offsets {
    wall: i64,
    boot: i64,
    /// The id of this start of the machine.
    boot_id: u64,
}

impl Offsets {
    fn read(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(file).ok()?;
        let mut words = text.split_whitespace();
        let wall = words.next()?.parse().ok()?;
        let boot = words.next()?.parse().ok()?;
        Some(Self { wall, boot, boot_id: words.next()?.parse().ok()? })
    }
}

/// Whoever moves the clocks.
#[derive(Debug)]
pub struct Machine {
    file: PathBuf,
    offsets: Offsets,
    slept: Arc<AtomicI64>,
}

impl Machine {
    /// A machine whose clocks are the system's, with the offsets in this file.
    pub fn new(file: PathBuf) -> Self {
        let offsets = Offsets { boot_id: 1, ..Offsets::default() };
        let machine = Self { file, offsets, slept: Arc::default() };
        machine.write();
        machine
    }

    /// The file that its processes read.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The wall clock is set so many milliseconds forward, or back.
    pub fn set_wall_clock(&mut self, by: i64) {
        self.offsets.wall = self.offsets.wall.saturating_add(by);
        self.write();
    }

    /// The wall clock is set right.
    pub fn correct_wall_clock(&mut self) {
        self.offsets.wall = self.slept.load(Ordering::SeqCst);
        self.write();
    }

    /// All sleep for so many milliseconds, while the world goes on.
    pub fn sleep(&mut self, millis: i64) {
        self.slept.fetch_add(millis, Ordering::SeqCst);
        self.offsets.wall = self.offsets.wall.saturating_add(millis);
        self.offsets.boot = self.offsets.boot.saturating_add(millis);
        self.write();
    }

    /// The machine is started anew: the time since boot begins at a few seconds, under another id.
    pub fn reboot(&mut self) {
        let up = SystemClock.boot_time().map_or(0, |up| i64::try_from(up.elapsed.as_millis()).unwrap_or(0));
        self.offsets.boot = 5000 - up;
        self.offsets.boot_id += 1;
        self.write();
    }

    /// The id of this start.
    pub fn boot_id(&self) -> u64 {
        self.offsets.boot_id
    }

    /// How long the machine has slept, in milliseconds, for a host that goes on meanwhile.
    pub fn slept(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.slept)
    }

    fn write(&self) {
        let Offsets { wall, boot, boot_id } = self.offsets;
        let new = self.file.with_extension("new");
        fs::write(&new, format!("{wall} {boot} {boot_id}")).expect("the folder can be written");
        fs::rename(&new, &self.file).expect("the folder can be written");
    }
}

/// The clocks as a process on the machine reads them.
#[derive(Debug)]
pub struct MachineClock(PathBuf);

impl MachineClock {
    /// The clocks with the offsets in this file.
    pub fn of(file: impl Into<PathBuf>) -> Self {
        Self(file.into())
    }

    fn offsets(&self) -> Offsets {
        Offsets::read(&self.0).unwrap_or_default()
    }
}

#[async_trait]
impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        later(Timestamp::now(), self.offsets().wall)
    }

    fn boot_time(&self) -> Option<BootTime> {
        let (system, offsets) = (SystemClock.boot_time()?, self.offsets());
        let up = i64::try_from(system.elapsed.as_millis()).ok()?.saturating_add(offsets.boot);
        Some(BootTime { id: offsets.boot_id, elapsed: Duration::from_millis(u64::try_from(up).ok()?) })
    }

    async fn sleep(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }
}

/// So many milliseconds later.
pub fn later(time: Timestamp, millis: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_millis(millis)).unwrap_or(time)
}
