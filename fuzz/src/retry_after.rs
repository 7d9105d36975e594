//! The two headers that tell a time.

use crate::now;
use auth_core::{HttpResponse, Timestamp, secret::SecretBytes};
use std::time::Duration;

/// The first line is `Retry-After`, the second `Date`. No wait is longer than a day.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let headers = ["retry-after", "DATE"].into_iter().zip(lines.by_ref());
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let response = HttpResponse { status: 429, headers, body: SecretBytes::new(Vec::new()) };
    let _told = response.date();
    for at in [now(), Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
        let wait = response.retry_after(at);
        assert!(wait.is_none_or(|wait| wait <= Duration::from_secs(24 * 60 * 60)), "{wait:?}");
    }
    if let Some(seconds) = text.lines().next().and_then(|line| line.trim().parse::<u64>().ok()) {
        let wait = response.retry_after(now()).expect("a number of seconds is a wait");
        assert_eq!(wait, Duration::from_secs(seconds.min(24 * 60 * 60)));
    }
}
