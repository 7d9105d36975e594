//! Attempt limits as one text, for the client and for the sandbox.

use auth_client::{Limit, Limits};
use auth_core::visible;
use std::{str::FromStr, time::Duration};

/// `off`, or a list of `sign_in`, `code_check`, `mailed_code`, `refresh` (attempts), `window` and `block` (seconds).
#[derive(Clone, Copy, Debug)]
pub(crate) struct LimitsSpec(pub(crate) Limits);

impl FromStr for LimitsSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(Limits::unlimited()));
        }
        let mut limits = Limits::default();
        if text.is_empty() {
            return Ok(Self(limits));
        }
        for part in text.split(',') {
            let (name, number) = part.split_once('=').ok_or("off, or a list such as sign_in=10,block=60")?;
            let number: u32 = number.trim().parse().map_err(|_| format!("{name} takes a whole number"))?;
            let time = Duration::from_secs(number.into());
            match name.trim() {
                "sign_in" => limits.sign_in.attempts = Some(number),
                "code_check" => limits.code_check.attempts = Some(number),
                "mailed_code" => limits.mailed_code.attempts = Some(number),
                "refresh" => limits.refresh.attempts = Some(number),
                "block" => limits.block = time,
                "window" => {
                    for limit in [
                        &mut limits.sign_in,
                        &mut limits.code_check,
                        &mut limits.mailed_code,
                        &mut limits.refresh,
                    ] {
                        limit.window = time;
                    }
                }
                other => {
                    let known = "sign_in, code_check, mailed_code, refresh, window, block";
                    return Err(format!("there is no limit {}; there are {known}", visible(other)));
                }
            }
        }
        Ok(Self(limits))
    }
}

/// Refreshes a minute, or 0 where they are not counted; an empty text says nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefreshLimit(pub(crate) Option<Limit>);

impl FromStr for RefreshLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let number: u32 =
            text.parse().map_err(|_| "a whole number of refreshes a minute, or 0 for no limit")?;
        let attempts = (number > 0).then_some(number);
        Ok(Self(Some(Limit { attempts, window: Duration::from_secs(60) })))
    }
}

/// The same limits for the sandbox's side.
pub(crate) fn for_sandbox(limits: Limits) -> auth_sandbox::Limits {
    let Limits { sign_in, code_check, mailed_code, refresh, block } = limits;
    if [sign_in, code_check, mailed_code, refresh].iter().all(|limit| limit.attempts.is_none()) {
        return auth_sandbox::Limits::off();
    }
    let count = |limit: Limit| limit.attempts.unwrap_or(u32::MAX);
    auth_sandbox::Limits::default()
        .sign_in(count(sign_in))
        .codes(count(code_check))
        .confirm(count(mailed_code))
        .refresh(count(refresh))
        .window(sign_in.window)
        .block(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_by_name() {
        let LimitsSpec(limits) = "sign_in=10, window=5,block=60".parse().unwrap();
        assert_eq!((limits.sign_in.attempts, limits.mailed_code.attempts), (Some(10), Some(3)));
        assert_eq!((limits.refresh.window, limits.block), (Duration::from_secs(5), Duration::from_secs(60)));
        assert_eq!("off".parse::<LimitsSpec>().unwrap().0, Limits::unlimited());
        let alone =
            |text: &str| text.parse::<RefreshLimit>().map(|limit| limit.0.map(|limit| limit.attempts));
        assert_eq!((alone("30"), alone("0"), alone("")), (Ok(Some(Some(30))), Ok(Some(None)), Ok(None)));
        assert!(alone("-1").is_err() && alone("many").is_err());
        for bad in ["on", "sign_in", "sign_in=x", "signin=5", "block=-1"] {
            assert!(bad.parse::<LimitsSpec>().is_err(), "{bad}");
        }
    }
}
