//! `cargo xtask size`: how large the library is that a phone carries, in both flavours, against the smallest library of
//! its kind, built in the same run with the same profile. What it measures is added to a ledger, which CI compares with.

mod ledger;

use std::fs;
use std::path::Path;

use self::ledger::{Ledger, Line};
use crate::mobile::{self, Library};
use crate::shell::{self, Failure, Verdict};

/// One flavour and what it is measured against.
struct Flavour {
    name: &'static str,
    features: &'static [&'static str],
    floor_features: &'static [&'static str],
    /// What it may come to.
    goal: Goal,
}

enum Goal {
    /// So many bytes.
    Bytes(u64),
    /// So many times the floor.
    TimesFloor(f64),
}

/// The file of the ledger.
const LEDGER: &str = "benches/size.tsv";

const FLAVOURS: &[Flavour] = &[
    Flavour {
        name: "platform",
        features: &["--no-default-features"],
        floor_features: &[],
        goal: Goal::Bytes(1024 * 1024),
    },
    Flavour {
        name: "bundled",
        features: &[],
        floor_features: &["--features", "http"],
        goal: Goal::TimesFloor(1.25),
    },
];

/// Builds, strips, compares with the goals and adds the figures to the ledger; `why` is the reason if they have grown.
pub(crate) fn run(why: Option<&str>) -> Result<Verdict, Failure> {
    let target = shell::host()?;
    let mut ledger = read()?;
    println!("{:<10} {:>12} {:>12} {:>8}  goal", "flavour", "bytes", "floor", "ratio");
    let mut verdict = Verdict::Passed;
    for flavour in FLAVOURS {
        let bytes = ours(flavour)?;
        let floor = Library {
            package: "size-floor",
            manifest: Path::new("benches/size-floor/Cargo.toml"),
            features: flavour.floor_features,
            name: "size_floor",
        };
        let floor = measure(&floor, flavour.name)?;
        let ratio = bytes as f64 / floor as f64;
        let (goal, met) = match flavour.goal {
            Goal::Bytes(most) => (format!("at most {most} bytes"), bytes <= most),
            Goal::TimesFloor(most) => (format!("at most {most} times the floor"), ratio <= most),
        };
        let word = if met { "met" } else { "MISSED" };
        println!("{:<10} {bytes:>12} {floor:>12} {ratio:>8.2}  {goal}: {word}", flavour.name);
        if !met {
            verdict = Verdict::Failed;
        }
        let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let (flavour, target, why) = (flavour.name.to_owned(), target.clone(), why.map(str::to_owned));
        if let Err(growth) = ledger.add(Line { date, flavour, bytes, floor, target, why }) {
            println!("{growth}: `cargo xtask size --why \"...\"` adds one");
            verdict = Verdict::Failed;
        }
    }
    let written = fs::write(shell::root().join(LEDGER), ledger.to_string());
    written.map_err(|cause| Failure::new(format!("{LEDGER}: {cause}")))?;
    Ok(verdict)
}

/// Why there is nothing to compare with, if so.
pub(crate) fn what_is_missing() -> Result<Option<&'static str>, Failure> {
    let is_known = read()?.knows(&shell::host()?);
    Ok((!is_known).then_some("benches/size.tsv has no figures for this target"))
}

/// Builds the library alone and compares it with the ledger. The goals are not looked at.
pub(crate) fn compare() -> Result<Verdict, Failure> {
    let target = shell::host()?;
    let ledger = read()?;
    let mut verdict = Verdict::Passed;
    for flavour in FLAVOURS {
        let bytes = ours(flavour)?;
        match ledger.compare(flavour.name, &target, bytes) {
            Ok(()) => println!("{}: {bytes} bytes", flavour.name),
            Err(growth) => {
                println!("{growth}: `cargo xtask size --why \"...\"` adds one");
                verdict = Verdict::Failed;
            }
        }
    }
    Ok(verdict)
}

/// How much larger than the ledger says a library in a package may be, in parts of a hundred: its relocations are not packed
/// as tightly, since older systems read it too.
const PACKAGE_PERCENT: usize = 10;

/// Whether a library as it is packed is about as large as the ledger says. Where there are no figures for this machine, nobody
/// can tell.
pub(crate) fn is_near_ledger(flavour: &str, bytes: usize) -> bool {
    let known = shell::host().and_then(|target| Ok(read()?.base(flavour, &target)));
    let known = known.ok().flatten().and_then(|known| usize::try_from(known).ok());
    known.is_none_or(|known| bytes <= known + known * PACKAGE_PERCENT / 100)
}

fn read() -> Result<Ledger, Failure> {
    let text = fs::read_to_string(shell::root().join(LEDGER));
    let text = text.map_err(|cause| Failure::new(format!("{LEDGER}: {cause}")))?;
    Ledger::parse(&text).map_err(|cause| Failure::new(format!("{LEDGER}: {cause}")))
}

fn ours(flavour: &Flavour) -> Result<u64, Failure> {
    let ours = Library {
        package: "auth-ffi",
        manifest: Path::new("Cargo.toml"),
        features: flavour.features,
        name: "b2core_auth",
    };
    measure(&ours, flavour.name)
}

/// The size of a library as a phone carries it, in bytes.
fn measure(library: &Library<'_>, flavour: &str) -> Result<u64, Failure> {
    let file = mobile::build(library, &format!("{}-{flavour}-stripped", library.name))?;
    let size = fs::metadata(&file).map(|data| data.len());
    size.map_err(|cause| Failure::new(format!("{}: {cause}", file.display())))
}
