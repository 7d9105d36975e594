//! `cargo xtask fuzz`: feeds every decoder of bytes from outside with what libFuzzer thinks of, and says what came of
//! it. The targets and what has to hold in each are in `fuzz`.
//!
//! With a nightly toolchain memory errors are found too, by the address sanitizer, which takes several times as long; the
//! project's own toolchain does the rest.

mod build;
mod report;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;

pub(crate) use self::build::Watch;
use self::report::Line;
use crate::shell::{self, Failure, Verdict};
use crate::workspace;

/// A fuzz target and what it begins with.
struct Target {
    name: &'static str,
    seeds: &'static [&'static str],
    dictionary: Option<&'static str>,
}

const ANSWERS: &[&str] = &["fuzz/seeds/answer", "crates/auth-core/tests/wire"];
const WORDS: Option<&str> = Some("fuzz/answer.dict");

/// All targets. Each has a file in `fuzz/fuzz_targets`.
const TARGETS: &[Target] = &[
    Target { name: "sign_in", seeds: ANSWERS, dictionary: WORDS },
    Target { name: "session", seeds: ANSWERS, dictionary: WORDS },
    Target { name: "checkpoint", seeds: &["fuzz/seeds/checkpoint"], dictionary: None },
    Target { name: "records", seeds: &["fuzz/seeds/records"], dictionary: None },
    Target { name: "host", seeds: &["fuzz/seeds/host"], dictionary: None },
    Target { name: "scanned", seeds: &["fuzz/seeds/scanned"], dictionary: None },
    Target { name: "qr_event", seeds: &["fuzz/seeds/qr_event"], dictionary: None },
    Target { name: "retry_after", seeds: &["fuzz/seeds/retry_after"], dictionary: None },
    Target { name: "live_packets", seeds: &["fuzz/seeds/live_packets"], dictionary: None },
    Target { name: "live_payload", seeds: &["fuzz/seeds/live_payload"], dictionary: None },
    Target {
        name: "store",
        seeds: &["fuzz/seeds/store", "crates/auth-store/tests/store/fixtures"],
        dictionary: None,
    },
];

/// No input is larger: answers of hosts are smaller than this.
const MAX_BYTES: u32 = 16 * 1024;
/// No input may keep a decoder busy for longer, in seconds.
const MAX_SECONDS: u32 = 10;
/// What one target may take in all, and one piece of memory in it.
const MAX_MIB: (u32, u32) = (1024, 64);

/// Runs one target, or all, each for so long.
pub(crate) fn run(only: Option<&str>, seconds: u32, watch: Watch) -> Result<Verdict, Failure> {
    if let Some(reason) = what_is_missing() {
        return Err(Failure::new(reason));
    }
    let targets = TARGETS.iter().filter(|target| only.is_none_or(|name| name == target.name));
    let targets: Vec<_> = targets.collect();
    if targets.is_empty() {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        return Err(Failure::new(format!("there is no such target; there are {}", names.join(", "))));
    }
    let place = workspace::target_folder()?.join("fuzz");
    let programs = build::all(&place, watch)?;
    let mut lines = Vec::new();
    for together in targets.chunks(at_once()) {
        lines.extend(all_of(together, |target| fuzz(target, seconds, &place, &programs))?);
    }
    println!("\n{}", report::table(&lines));
    Ok(if lines.iter().all(Line::is_clean) { Verdict::Passed } else { Verdict::Failed })
}

/// Why nothing can be fuzzed here, in a line; nothing if it can.
pub(crate) fn what_is_missing() -> Option<&'static str> {
    build::what_is_missing()
}

/// As many as there are processors.
fn at_once() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Does the work for all of these at the same time.
fn all_of<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let crashed = || Failure::new("a thread of ours panicked");
    thread::scope(|scope| {
        let running: Vec<_> = items.iter().map(|item| scope.spawn(|| work(item))).collect();
        running.into_iter().map(|thread| thread.join().map_err(|_| crashed())?).collect()
    })
}

fn fuzz(target: &Target, seconds: u32, place: &Path, programs: &Path) -> Result<Line, Failure> {
    let folder = |kind: &str| -> Result<PathBuf, Failure> {
        let folder = place.join(kind).join(target.name);
        std::fs::create_dir_all(&folder)
            .map_err(|cause| Failure::new(format!("{}: {cause}", folder.display())))?;
        Ok(folder)
    };
    let (corpus, crashes) = (folder("corpus")?, folder("crashes")?);
    let mut command = shell::command(programs.join(target.name), [corpus]);
    command.args(target.seeds);
    command.arg(format!("-artifact_prefix={}/", crashes.display()));
    command.args(target.dictionary.map(|file| format!("-dict={file}")));
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={MAX_BYTES}"));
    command.arg(format!("-timeout={MAX_SECONDS}"));
    let (in_all, at_a_time) = MAX_MIB;
    command.arg(format!("-rss_limit_mb={in_all}")).arg(format!("-malloc_limit_mb={at_a_time}"));
    command.arg("-print_final_stats=1").stdout(Stdio::null()).stderr(Stdio::piped());
    shell::announce(&command);
    let output = command.output().map_err(|cause| shell::not_started(&command, &cause))?;
    let server_message = String::from_utf8_lossy(&output.stderr);
    let line = Line::read(target.name, &server_message, output.status.success());
    if !line.is_clean() {
        eprintln!("{}", report::why(&server_message));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_there_and_none_is_left_out() {
        let folder = shell::root().join("fuzz/fuzz_targets");
        let mut there: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let mut named: Vec<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
        there.sort();
        named.sort();
        assert_eq!(there, named);
        for path in TARGETS.iter().flat_map(|target| target.seeds.iter().chain(target.dictionary.as_ref())) {
            assert!(shell::root().join(path).exists(), "{path}");
        }
    }

    #[test]
    fn a_target_that_is_not_there_is_a_failure() {
        if what_is_missing().is_none() {
            let failure = run(Some("no-such-target"), 1, Watch::Rules).unwrap_err().to_string();
            assert!(failure.contains("sign_in, session"), "{failure}");
        }
    }

    #[test]
    fn work_is_done_for_all_and_a_failure_is_passed_on() {
        assert_eq!(all_of(&[1, 2, 3], |n| Ok(n * 2)).unwrap(), [2, 4, 6]);
        let failure = |n: &i32| if *n == 2 { Err(Failure::new("two")) } else { Ok(()) };
        assert_eq!(all_of(&[1, 2, 3], failure).unwrap_err().to_string(), "two");
    }
}
