//! What is the same in all certificates that a sandbox makes.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{CertificateParams, DistinguishedName, DnType, date_time_ymd};

/// Good from yesterday on for so many days, by the system's clock: a client's TLS knows no other.
pub(crate) fn named(name: &str, names: Vec<String>, days: i32) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let start_of = |date: Date| {
        date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    params.not_before = start_of(today.saturating_sub(1.day()).min(today.saturating_add((days - 1).days())));
    params.not_after = start_of(today.saturating_add(days.days()));
    Ok(params)
}
