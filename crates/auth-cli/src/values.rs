//! How the values of options are read.

use auth_client::{Office, Profile, ProfileError, UnknownOffice};
use clap::{
    Arg,
    builder::{OsStringValueParser, PossibleValue, TypedValueParser},
};
use std::{error::Error, ffi::OsStr, fmt, path::PathBuf, time::Duration};

/// A value that is one of few, whose names a shell completes. It is read by the function, which says what is wrong.
pub(crate) struct Named<T, E>(pub(crate) &'static [&'static str], pub(crate) fn(&str) -> Result<T, E>);

impl<T, E> Clone for Named<T, E> {
    fn clone(&self) -> Self {
        Self(self.0, self.1)
    }
}

impl<T, E> TypedValueParser for Named<T, E>
where
    T: Clone + Send + Sync + 'static,
    E: Error + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(
        &self,
        command: &clap::Command,
        option: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        self.1.parse_ref(command, option, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// A variable that came out empty was meant to name a file.
pub(crate) fn file() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|name| match name.is_empty() {
        true => Err("the name of the file is empty: name one, or leave the option or its variable out"),
        false => Ok(PathBuf::from(name)),
    })
}

/// How standard error is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug)]
pub(crate) struct UnknownLogFormat;

impl fmt::Display for UnknownLogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a log is text or json")
    }
}

impl Error for UnknownLogFormat {}

// An empty text is what an unset variable often looks like: it counts as the default.

pub(crate) fn office(text: &str) -> Result<Office, UnknownOffice> {
    if text.is_empty() { Ok(Office::Front) } else { text.parse() }
}

pub(crate) fn log_format(text: &str) -> Result<LogFormat, UnknownLogFormat> {
    match text {
        "" | "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(UnknownLogFormat),
    }
}

pub(crate) fn profile(text: &str) -> Result<Profile, ProfileError> {
    if text.is_empty() { Ok(Profile::default()) } else { text.parse() }
}

pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let text = if text.is_empty() { "30" } else { text };
    let most = 24.0 * 60.0 * 60.0;
    let seconds = text.parse::<f64>().ok().filter(|s| *s > 0.0 && *s <= most);
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "a number of seconds above 0".to_owned())
}
