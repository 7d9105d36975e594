//! When a rate limit ends, by the headers that hosts and gateways write where `Retry-After` is missing.

use crate::{
    Timestamp,
    http::{HttpResponse, MAX_WAIT},
};
use std::time::Duration;

/// From here on a number is a time since 1970, not a wait: as a wait it would be more than thirty years.
const SINCE_1970_FROM: f64 = 1e9;
/// From here on a time since 1970 is in milliseconds.
const MILLISECONDS_FROM: f64 = 1e11;

impl HttpResponse {
    /// How long a rate limit still lasts, at most a day, of an answer that says that it is exceeded:
    /// - `RateLimit` and `RateLimit-Reset` (the IETF's drafts), `X-RateLimit-Reset-After`: seconds from now;
    /// - `X-RateLimit-Reset`, `X-Rate-Limit-Reset`: seconds or milliseconds since 1970, or a small number from now.
    ///
    /// Times since 1970 are compared with the `Date` header, or with `now` if there is none. One that has passed is not a wait of
    /// zero but says nothing: the host has just refused.
    pub(crate) fn rate_limit_reset(&self, now: Timestamp) -> Option<Duration> {
        const HEADERS: [&str; 4] =
            ["RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Reset", "X-Rate-Limit-Reset"];
        let plain = HEADERS.iter().filter_map(|name| self.header(name)?.trim().parse().ok());
        let listed = self.header("RateLimit").and_then(reset_of_list);
        plain.chain(listed).find_map(|number| self.wait_until(number, now))
    }

    fn wait_until(&self, number: f64, now: Timestamp) -> Option<Duration> {
        if !number.is_finite() || number <= 0.0 {
            return None;
        }
        let seconds = if number < SINCE_1970_FROM {
            number
        } else {
            let until = if number < MILLISECONDS_FROM { number } else { number / 1000.0 };
            let now = self.date().unwrap_or(now).as_duration().as_secs_f64();
            until - now
        };
        // A clock that is an hour off is no reason to wait for a day.
        (seconds > 0.0).then(|| Duration::from_secs_f64(seconds.min(MAX_WAIT.as_secs_f64()).ceil()))
    }
}

/// `limit=5, remaining=0, reset=60`, and its later form `"signin";r=0;t=60`.
fn reset_of_list(text: &str) -> Option<f64> {
    let parts = text.split([',', ';']).filter_map(|part| part.split_once('='));
    let ends = parts.filter(|(name, _)| matches!(name.trim(), "reset" | "t"));
    ends.filter_map(|(_, value)| value.trim().parse().ok()).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretBytes;

    fn wait(headers: &[(&str, &str)]) -> Option<u64> {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let answer = HttpResponse { status: 429, headers, body: SecretBytes::new(Vec::new()) };
        answer.rate_limit_reset("2026-01-01T00:00:00Z".parse().unwrap()).map(|wait| wait.as_secs())
    }

    #[test]
    fn each_header_is_read_in_its_own_unit() {
        assert_eq!(wait(&[("ratelimit-reset", " 40 ")]), Some(40));
        assert_eq!(wait(&[("X-RateLimit-Reset", "1767225660")]), Some(60));
        assert_eq!(wait(&[("X-RateLimit-Reset", "1767225660000")]), Some(60));
        assert_eq!(wait(&[("X-RateLimit-Reset", "45")]), Some(45));
        assert_eq!(wait(&[("X-RateLimit-Reset-After", "1.5")]), Some(2));
        assert_eq!(wait(&[("RateLimit", "limit=5, remaining=0, reset=30")]), Some(30));
        assert_eq!(wait(&[("RateLimit", r#""signin";r=0;t=20, "day";r=9;t=10"#)]), Some(20));
        let fast_host = ("Date", "Thu, 01 Jan 2026 00:00:30 GMT");
        assert_eq!(wait(&[("X-RateLimit-Reset", "1767225660"), fast_host]), Some(30), "by the host's clock");
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for bad in ["", "soon", "-5", "0", "NaN", "inf", "1767225500"] {
            assert_eq!(wait(&[("X-RateLimit-Reset", bad)]), None, "{bad}");
        }
        assert_eq!(wait(&[("RateLimit-Reset", "soon"), ("X-RateLimit-Reset", "45")]), Some(45));
        assert_eq!(wait(&[("X-RateLimit-Reset", "4000000000")]), Some(MAX_WAIT.as_secs()));
        assert_eq!(wait(&[]), None);
    }
}
