//! Times as the vendor writes them.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::clock::whole_seconds;

/// `2024-04-22T11:07:24+00:00`.
pub(crate) fn iso(time: Timestamp) -> String {
    whole_seconds(time).display_with_offset(Offset::UTC).to_string()
}

/// The form of the `Date` header; `None` for a year that it cannot express.
pub(crate) fn http_date(time: Timestamp) -> Option<String> {
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let time: Timestamp = "2024-04-22T11:07:24.9Z".parse().unwrap();
        assert_eq!(iso(time), "2024-04-22T11:07:24+00:00");
        assert_eq!(http_date(time).unwrap(), "Mon, 22 Apr 2024 11:07:24 GMT");
    }
}
