//! Read as `jiff` reads it, whose readers are the yardstick here.

use super::*;
use jiff::{fmt::rfc2822, tz::TimeZone};
use proptest::prelude::*;

fn by_jiff(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

fn by_jiff_or_utc(text: &str) -> Option<Timestamp> {
    let local = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    by_jiff(text).or_else(|| local().map(|at| at.timestamp()))
}

fn http_date_by_jiff(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|at| at.timestamp())
}

#[test]
fn every_form_of_iso_8601_is_read() {
    for date in ["2024-02-29", "20240229", "0001-01-01", "9999-12-29"] {
        for time in [
            "T11:07:24",
            "t110724",
            " 11:07",
            "T1107",
            "T11",
            "T23:59:60",
            "T11:07:24.5",
            "T11:07:24,123456789",
        ] {
            for offset in [
                "Z",
                "z",
                "+00:00",
                "-00:00",
                "+02",
                "-0330",
                "+14:00",
                "Z[UTC]",
                "+02:00[Europe/Berlin]",
                "",
            ] {
                let text = format!("{date}{time}{offset}");
                let expected = by_jiff_or_utc(&text);
                assert!(expected.is_some(), "{text}");
                assert_eq!(timestamp_or_utc(&text), expected, "{text}");
                assert_eq!(timestamp(&text), expected.filter(|_| !offset.is_empty()), "{text}");
            }
        }
        assert_eq!(timestamp_or_utc(date), by_jiff_or_utc(date), "{date}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    let whole = "2024-04-22T11:07:24.123+02:00";
    let cut = (0..whole.len()).map(|end| &whole[..end]).filter(|cut| by_jiff(cut).is_none());
    let bad = [
        "2024-04-22T11:07:24.1234567890Z",
        "2024-04-22T11:07:24.Z",
        "2024-04-22T24:00:00Z",
        "2024-04-22T11:60:00Z",
        "2024-04-22T11:07:61Z",
        "2024-04-31T11:07:24Z",
        "2023-02-29T11:07:24Z",
        "2024-0422T11:07:24Z",
        "202404-22T11:07:24Z",
        "2024-04-22T11:07:24+26:00",
        "2024-04-22T11:07:24+02:60",
        "2024-04-22T11:07:24Zx",
        "2024-04-22T11:07:24Z ",
        "22.04.2024",
        "2024-04-22T11:0724Z",
        "2024-04-22T1107:24Z",
        "2024-04-22T11:07:24 Z",
        "２０２４-04-22T11:07:24Z",
    ];
    for text in cut.chain(bad) {
        assert_eq!(by_jiff(text), None, "{text}");
        assert_eq!(timestamp(text), None, "{text}");
    }
}

#[test]
fn the_dates_of_headers_are_read() {
    for text in [
        "Thu, 01 Jan 2026 00:10:00 GMT",
        "Thu, 1 Jan 2026 00:10:00 GMT",
        "01 Jan 2026 00:10:00 UT",
        "Sun, 06 Nov 1994 08:49:37 +0200",
        "Sun, 06 nov 1994 08:49 -0330",
    ] {
        assert!(http_date_by_jiff(text).is_some(), "{text}");
        assert_eq!(http_date(text), http_date_by_jiff(text), "{text}");
    }
    for text in [
        "",
        "soon",
        "Thu, 01 Jan 2026 00:10:00",
        "Thu, 32 Jan 2026 00:10:00 GMT",
        "Thu, 01 Jay 2026 00:10:00 GMT",
        "Thu, 01 Jan 2026 25:10:00 GMT",
        "Thu, 01 Jan 2026 00:10:00 GMT GMT",
        "Thu, 01 Jan 2026 00:10:00x GMT",
        "2026-01-01T00:10:00Z",
    ] {
        assert_eq!(http_date_by_jiff(text), None, "{text}");
        assert_eq!(http_date(text), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_read(second in -377_000_000_000_i64..253_000_000_000, nanosecond in 0..1_000_000_000) {
        let at = Timestamp::new(second.max(-62_167_219_200), nanosecond).unwrap();
        prop_assert_eq!(timestamp(&at.to_string()), Some(at));
        let whole = Timestamp::from_second(at.as_second()).unwrap();
        let header = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&whole).unwrap();
        prop_assert_eq!(http_date(&header), Some(whole));
    }

    #[test]
    fn any_text_is_read_as_jiff_reads_it(text in "(20[0-9]{2}-?[01][0-9]-?[0-3][0-9][Tt ][0-2][0-9]:?[0-6][0-9](:?[0-6][0-9]([.,][0-9]{1,10})?)?(Z|[+-][01][0-9](:?[0-9]{2})?)?)") {
        prop_assert_eq!(timestamp(&text), by_jiff(&text));
        prop_assert_eq!(timestamp_or_utc(&text), by_jiff_or_utc(&text));
    }
}
