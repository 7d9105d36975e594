//! A wait as a person reads it.

use std::time::Duration;

/// Whole seconds, rounded up: after so many the wait is over.
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0))
}

/// The parts that are shown, largest first, as the ids of their units and their counts. From an hour on seconds do not
/// count, and the minutes are rounded up.
pub(crate) fn parts(wait: Duration) -> Vec<(&'static str, u64)> {
    let mut seconds = whole_seconds(wait);
    if seconds >= 3600 {
        seconds = seconds.div_ceil(60).saturating_mul(60);
    }
    let all =
        [("wait-hours", seconds / 3600), ("wait-minutes", seconds / 60 % 60), ("wait-seconds", seconds % 60)];
    let shown: Vec<_> = all.into_iter().filter(|(_, count)| *count > 0).collect();
    if shown.is_empty() { vec![("wait-seconds", 0)] } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_has_the_parts_that_are_not_zero() {
        let shown = |seconds: f64| {
            let parts = parts(Duration::from_secs_f64(seconds));
            parts.iter().map(|(unit, count)| format!("{count}{}", &unit[5..6])).collect::<Vec<_>>().join(" ")
        };
        for (seconds, expected) in [
            (0.0, "0s"),
            (0.1, "1s"),
            (59.0, "59s"),
            (60.0, "1m"),
            (598.001, "9m 59s"),
            (3599.0, "59m 59s"),
            (3600.0, "1h"),
            (3601.0, "1h 1m"),
            (7199.0, "2h"),
            (90_000.0, "25h"),
        ] {
            assert_eq!(shown(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn the_longest_wait_of_all_does_not_begin_anew() {
        assert_eq!(whole_seconds(Duration::MAX), u64::MAX);
        assert_eq!(parts(Duration::MAX)[0], ("wait-hours", u64::MAX / 3600));
    }
}
