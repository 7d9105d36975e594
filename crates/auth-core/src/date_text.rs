//! Reading dates out of texts: ISO 8601 as in JSON, and the form of HTTP's headers.
//!
//! `jiff` reads both, but its readers carry a message for each thing that can be wrong: a tenth of a phone's library. Nobody
//! is shown one here: what does not read is as good as missing.

use crate::Timestamp;
use jiff::{
    civil::{Date, DateTime, Time},
    tz::Offset,
};

/// Reads ISO 8601 with an offset, such as `2026-01-31T09:30:00+02:00` or `2026-01-31 07:30:00.5Z`.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    iso_8601(text, None)
}

/// Reads ISO 8601; what has no offset, or no time of day, is taken as UTC.
pub(crate) fn timestamp_or_utc(text: &str) -> Option<Timestamp> {
    iso_8601(text, Some(Offset::UTC))
}

fn iso_8601(text: &str, missing: Option<Offset>) -> Option<Timestamp> {
    let mut rest = Unread(text.as_bytes());
    let date = rest.date()?;
    let time = if rest.eat(b"Tt ") { rest.time()? } else { Time::midnight() };
    let offset = if rest.is_over() { missing } else { rest.offset() }?;
    if rest.is_over() { at(date, time, offset) } else { None }
}

/// Reads `Sun, 31 Jan 2026 07:30:00 GMT`, and its like in e-mails, where the zone may be a number.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day_and_rest = text.split_once(',').map_or(text, |(_weekday, rest)| rest);
    let mut words = day_and_rest.split_ascii_whitespace();
    let mut next = || words.next();
    let (day, month, year, time, zone) = (next()?, next()?, next()?, next()?, next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let day = whole(day, |day| day.digits(day.0.len().min(2)))?;
    let year = whole(year, |year| year.digits(4))?;
    let date =
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let time = whole(time, |time| time.time())?;
    let offset =
        if matches!(zone, "GMT" | "UT" | "UTC") { Offset::UTC } else { whole(zone, |zone| zone.offset())? };
    if next().is_none() { at(date, time, offset) } else { None }
}

/// What the whole text reads as.
fn whole<T>(text: &str, read: impl FnOnce(&mut Unread<'_>) -> Option<T>) -> Option<T> {
    let mut rest = Unread(text.as_bytes());
    read(&mut rest).filter(|_| rest.0.is_empty())
}

fn at(date: Date, time: Time, offset: Offset) -> Option<Timestamp> {
    offset.to_timestamp(DateTime::from_parts(date, time)).ok()
}

/// What is not read yet.
struct Unread<'a>(&'a [u8]);

impl Unread<'_> {
    /// Takes one byte if it is one of these.
    fn eat(&mut self, any_of: &[u8]) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if any_of.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes so many digits.
    fn digits(&mut self, count: usize) -> Option<i32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = digits.iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0'))
        })?;
        self.0 = rest;
        Some(number)
    }

    fn two_digits(&mut self) -> Option<i8> {
        self.digits(2).and_then(|number| i8::try_from(number).ok())
    }

    /// `2026-01-31` or `20260131`.
    fn date(&mut self) -> Option<Date> {
        let year = self.digits(4)?;
        let dashes = self.eat(b"-");
        let month = self.two_digits()?;
        if dashes != self.eat(b"-") {
            return None;
        }
        Date::new(i16::try_from(year).ok()?, month, self.two_digits()?).ok()
    }

    /// `07:30:00.25`, `073000`, and both without seconds or minutes.
    fn time(&mut self) -> Option<Time> {
        let hour = self.two_digits()?;
        let colons = self.0.starts_with(b":");
        let goes_on = |rest: &mut Self| if colons { rest.eat(b":") } else { rest.is_at_digit() };
        let (mut minute, mut second, mut nanosecond) = (0, 0, 0);
        if goes_on(self) {
            minute = self.two_digits()?;
            if goes_on(self) {
                // A leap second is the one before it.
                second = self.two_digits().map(|second| if second == 60 { 59 } else { second })?;
                if self.eat(b".,") {
                    nanosecond = self.fraction()?;
                }
            }
        }
        Time::new(hour, minute, second, nanosecond).ok()
    }

    /// One to nine digits of a second, as nanoseconds.
    fn fraction(&mut self) -> Option<i32> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let unit = 10_i32.pow(9_u32.checked_sub(u32::try_from(count).ok()?)?);
        if count == 0 { None } else { self.digits(count).map(|number| number * unit) }
    }

    /// `Z`, `+02`, `+02:00` or `+0200`.
    fn offset(&mut self) -> Option<Offset> {
        if self.eat(b"Zz") {
            return Some(Offset::UTC);
        }
        let sign = if self.eat(b"+") {
            1
        } else if self.eat(b"-") {
            -1
        } else {
            return None;
        };
        let hours = self.digits(2)?;
        let minutes = if self.eat(b":") || self.is_at_digit() { self.digits(2)? } else { 0 };
        if minutes > 59 {
            return None;
        }
        Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
    }

    /// Nothing follows, or the name of a zone, as Java writes it: `[Europe/Berlin]`.
    fn is_over(&self) -> bool {
        self.0.is_empty() || (self.0.starts_with(b"[") && self.0.ends_with(b"]"))
    }

    fn is_at_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }
}

#[cfg(test)]
mod tests;
