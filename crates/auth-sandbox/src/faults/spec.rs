//! Faults as text: `sign_in:status=503,retry_after=7,times=1`.

use std::fmt;
use std::str::FromStr;

use super::act::HUGE;
use super::error::ACTS;
use super::options::{self, Options};
use super::{Act, Endpoint, Fault, FaultError, FaultTiming, Framing, RetryAfter};
use crate::users::Office;

impl FromStr for Fault {
    type Err = FaultError;

    /// Reads `[OFFICE/]ENDPOINT:ACT[=VALUE][,OPTION=VALUE]...`. A comma in a value is written `%2C`.
    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (place, act) = text.trim().split_once(':').ok_or(FaultError::NoAct)?;
        let (office, endpoint) = place_of(place.trim())?;
        let mut parts = act.split(',');
        let (name, value) = options::split(parts.next().unwrap_or_default());
        let known = ACTS.into_iter().find(|act| *act == name);
        let name = known.ok_or_else(|| FaultError::UnknownAct { name: name.to_owned() })?;
        let mut options = Options::of(name, parts);
        let act = act_of(name, value, &mut options)?;
        let times = options.number("times")?;
        let after = options.number("after")?.unwrap_or_default();
        options.end()?;
        Ok(Self { endpoint, office, act, times, after })
    }
}

fn place_of(place: &str) -> Result<(Option<Office>, Option<Endpoint>), FaultError> {
    let (office, name) = match place.split_once('/') {
        None => (None, place),
        Some(("front", name)) => (Some(Office::Front), name),
        Some(("back", name)) => (Some(Office::Back), name),
        Some((name, _)) => return Err(FaultError::UnknownOffice { name: name.to_owned() }),
    };
    if name == "any" {
        return Ok((office, None));
    }
    let endpoint = Endpoint::from_name(name);
    endpoint
        .map(|endpoint| (office, Some(endpoint)))
        .ok_or(FaultError::UnknownEndpoint { name: name.to_owned() })
}

fn act_of(name: &'static str, value: &str, options: &mut Options<'_>) -> Result<Act, FaultError> {
    let bytes =
        |value: &str| options::size(name, value).map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    Ok(match name {
        "status" => Act::Status {
            code: code(name, value)?,
            retry_after: options.take("retry_after").map(retry_after).transpose()?,
            body: options.take("body").map(options::decode),
        },
        "delay" => Act::Delay {
            time: options::time(name, value)?,
            when: options.take("when").map_or(Ok(FaultTiming::Before), |value| timing("when", value))?,
        },
        "drop" => Act::Drop(timing(name, value)?),
        "cut" => Act::Cut { bytes: bytes(value)? },
        "drip" => Act::Drip {
            bytes: bytes(value)?,
            every: options::time("every", options.take("every").unwrap_or_default())?,
        },
        "garbage" => match value.trim() {
            "" | "answer" => Act::Garbage,
            "body" => Act::GarbageBody,
            _ => return Err(FaultError::BadValue { name, expected: "answer or body" }),
        },
        "html" => Act::Html { code: code(name, value)? },
        "redirect" => {
            let missing = FaultError::BadValue { name: "to", expected: "a URL" };
            Act::Redirect {
                code: code(name, value)?,
                to: options.take("to").map(options::decode).filter(|to| !to.is_empty()).ok_or(missing)?,
            }
        }
        "huge" => Act::Huge {
            framing: match value.trim() {
                "announced" => Framing::Announced,
                "chunked" => Framing::Chunked,
                _ => return Err(FaultError::BadValue { name, expected: "announced or chunked" }),
            },
            size: options.size("size", HUGE)?,
        },
        "bomb" => Act::Bomb { size: options.size("size", HUGE)? },
        "non_utf8" => Act::NonUtf8,
        "dead_wizards" => Act::DeadWizards,
        other => return Err(FaultError::UnknownAct { name: other.to_owned() }),
    })
}

fn code(name: &'static str, value: &str) -> Result<u16, FaultError> {
    let code = value.trim().parse().ok().filter(|code| (200..=999).contains(code));
    code.ok_or(FaultError::BadValue { name, expected: "an HTTP status from 200 to 999" })
}

fn timing(name: &'static str, value: &str) -> Result<FaultTiming, FaultError> {
    match value.trim() {
        "before" => Ok(FaultTiming::Before),
        "after" => Ok(FaultTiming::After),
        _ => Err(FaultError::BadValue { name, expected: "before or after (the work)" }),
    }
}

fn retry_after(value: &str) -> Result<RetryAfter, FaultError> {
    let bad = FaultError::BadValue {
        name: "retry_after",
        expected: "a number of seconds, or a time such as 2025-03-01T12:00:00Z",
    };
    let value = value.trim();
    let seconds = value.parse().map(RetryAfter::Seconds).ok();
    seconds.or_else(|| value.parse().map(RetryAfter::At).ok()).ok_or(bad)
}

impl fmt::Display for Fault {
    /// Writes the text that reads back as the same fault. Waits are written to the millisecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.office {
            Some(Office::Front) => f.write_str("front/")?,
            Some(Office::Back) => f.write_str("back/")?,
            None => {}
        }
        write!(f, "{}:{}", self.endpoint.map_or("any", Endpoint::name), self.act)?;
        if self.after > 0 {
            write!(f, ",after={}", self.after)?;
        }
        match self.times {
            Some(times) => write!(f, ",times={times}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { code, retry_after, body } => {
                write!(f, "status={code}")?;
                match retry_after {
                    Some(RetryAfter::Seconds(seconds)) => write!(f, ",retry_after={seconds}")?,
                    Some(RetryAfter::At(time)) => write!(f, ",retry_after={time}")?,
                    None => {}
                }
                match body {
                    Some(body) => write!(f, ",body={}", options::encode(body)),
                    None => Ok(()),
                }
            }
            Self::Delay { time, when } => {
                write!(f, "delay={},when={when}", options::time_text(*time))
            }
            Self::Drop(moment) => write!(f, "drop={moment}"),
            Self::Cut { bytes } => write!(f, "cut={bytes}"),
            Self::Drip { bytes, every } => write!(f, "drip={bytes},every={}", options::time_text(*every)),
            Self::Garbage => f.write_str("garbage=answer"),
            Self::GarbageBody => f.write_str("garbage=body"),
            Self::Html { code } => write!(f, "html={code}"),
            Self::Redirect { code, to } => write!(f, "redirect={code},to={}", options::encode(to)),
            Self::Huge { size, framing: Framing::Announced } => write!(f, "huge=announced,size={size}"),
            Self::Huge { size, framing: Framing::Chunked } => write!(f, "huge=chunked,size={size}"),
            Self::Bomb { size } => write!(f, "bomb,size={size}"),
            Self::NonUtf8 => f.write_str("non_utf8"),
            Self::DeadWizards => f.write_str("dead_wizards"),
        }
    }
}

impl fmt::Display for FaultTiming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "before",
            Self::After => "after",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_reads_back() {
        for text in [
            "sign_in:status=503,retry_after=7,times=1",
            "front/wizard:status=429,retry_after=2025-03-01T12:00:00Z,body={\"a\":%201%2C%20\"b\":\"5%25\"}",
            "refresh:delay=250ms,when=before",
            "back/refresh:delay=2s,when=after,after=3",
            "choose_method:drop=before",
            "any:drop=after",
            "check_google:cut=10",
            "check_sms:drip=1,every=100ms",
            "confirm_mailed_code:garbage=answer",
            "restore_password:garbage=body",
            "front/any:html=502",
            "reset_password:redirect=307,to=https://elsewhere.example/?a=b%2Cc",
            "sign_out:huge=announced,size=4294967296",
            "sign_out:huge=chunked,size=10",
            "any:bomb,size=4294967296",
            "any:non_utf8,after=1,times=2",
            "any:dead_wizards",
        ] {
            let fault: Fault = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(fault.to_string(), text);
        }
    }

    #[test]
    fn short_forms_and_blanks_are_read() {
        for (short, long) in [
            (" signin : drop=after , times = 1 ", "sign_in:drop=after,times=1"),
            ("any:garbage", "any:garbage=answer"),
            ("any:delay=1500ms", "any:delay=1500ms,when=before"),
            ("any:delay=0s", "any:delay=0s,when=before"),
            ("any:huge=chunked,size=2m", "any:huge=chunked,size=2097152"),
            ("any:bomb", "any:bomb,size=4294967296"),
        ] {
            assert_eq!(short.parse::<Fault>().unwrap().to_string(), long, "{short}");
        }
    }

    #[test]
    fn mistakes_are_told_with_the_words_that_are_allowed() {
        for (text, told) in [
            ("sign_in", "ENDPOINT:ACT"),
            ("login:drop=after", "no endpoint is called \"login\"; there are any, wizard, sign_in,"),
            ("middle/sign_in:drop=after", "no office is called \"middle\"; there are front and back"),
            ("any:explode", "no fault is called \"explode\"; there are status, delay, drop,"),
            ("any:drop", "drop must be before or after"),
            ("any:status=42", "status must be an HTTP status from 200 to 999"),
            ("any:status=503,retry_after=soon", "retry_after must be a number of seconds, or a time"),
            ("any:status=503,colour=red", "status cannot take \"colour\" here"),
            ("any:status=503,colour=red", "it takes retry_after, body"),
            ("any:non_utf8,body=x", "it takes nothing"),
            ("any:html=200,times=1,times=2", "html cannot take \"times\" here"),
            ("any:html=200,times=often", "times must be a whole number"),
            ("any:delay=2", "delay must be a time, such as 250ms or 2s"),
            ("any:drip=1", "every must be a time"),
            ("any:cut=-1", "cut must be a number of bytes"),
            ("any:huge=very", "huge must be announced or chunked"),
            ("any:bomb,size=99999999999g", "size must be a number of bytes"),
            ("any:redirect=302", "to must be a URL"),
            ("any:garbage=wire", "garbage must be answer or body"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
