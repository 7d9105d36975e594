//! The keys that the host's certificate may lead to.

use crate::failure::Failure;
use auth_client::{AfterExpiry, CertificatePins, Host, Pin, Timestamp, http::HttpOptions};
use auth_messages::Message;
use std::str::FromStr;

/// One pin. In other programs a pin is a code of a few digits.
pub(crate) fn pin(text: &str) -> Result<Pin, String> {
    let is_code = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().map_err(|error| match is_code {
        true => format!("{error}; a one-time code is given by --code"),
        false => format!("{error}"),
    })
}

/// A date, at whose beginning (UTC) the pins expire, or a point in time, and what becomes of the host then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PinExpiry {
    at: Timestamp,
    then: AfterExpiry,
}

impl FromStr for PinExpiry {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (date, then) = match text.split_once(',') {
            None => (text, AfterExpiry::Ignore),
            Some((date, "ignore")) => (date, AfterExpiry::Ignore),
            Some((date, "refuse")) => (date, AfterExpiry::Refuse),
            Some(_) => return Err("behind the date goes nothing, or ,refuse"),
        };
        let at = date.parse().or_else(|_| format!("{date}T00:00:00Z").parse());
        let at = at.map_err(|_| "a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z")?;
        Ok(Self { at, then })
    }
}

/// These options with pins of the host that a call names. Other hosts of the store are not pinned.
///
/// # Errors
/// The pins are too few, or nobody knows whose they are.
pub(crate) fn pinned(
    options: HttpOptions,
    host: Option<&str>,
    pins: &[Pin],
    expiry: Option<PinExpiry>,
) -> Result<HttpOptions, Failure> {
    if pins.is_empty() {
        return match expiry {
            Some(_) => Err(Failure::wrong_call("pin_expires")),
            None => Ok(options),
        };
    }
    let pins = CertificatePins::of(pins.iter().copied())
        .map_err(|error| Failure::call_of(Message::new("usage").about("pins").with("problem", error)))?;
    let pins = match expiry {
        Some(PinExpiry { at, then }) => pins.expiring(at, then),
        None => pins,
    };
    let host = host.ok_or_else(|| Failure::wrong_call("pin_host"))?;
    let host = Host::parse(host).map_err(|error| Failure::wrong_call(error.kind()))?;
    Ok(options.certificate_pins(&host, pins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_date_or_a_time_and_what_follows() {
        let read = |text: &str| text.parse::<PinExpiry>().map(|read| (read.at.to_string(), read.then));
        let midnight = || "2027-01-31T00:00:00Z".to_owned();
        assert_eq!(read("2027-01-31"), Ok((midnight(), AfterExpiry::Ignore)));
        assert_eq!(read("2027-01-31,ignore"), Ok((midnight(), AfterExpiry::Ignore)));
        assert_eq!(read("2027-01-31,refuse"), Ok((midnight(), AfterExpiry::Refuse)));
        assert_eq!(read("2027-01-31T02:00:00+02:00,refuse"), Ok((midnight(), AfterExpiry::Refuse)));
        for wrong in ["", "soon", "2027-13-01", "2027-01-31,later", "2027-01-31,", ",refuse"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_one_time_code_is_told_from_a_pin() {
        assert!(pin("123456").unwrap_err().contains("--code"));
        assert!(!pin("").unwrap_err().contains("--code"));
    }
}
