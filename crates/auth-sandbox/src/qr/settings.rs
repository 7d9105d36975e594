//! What can be set about QR sign-in.

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Value, json};

/// How `lifetimeMinutes` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LifetimeForm {
    /// As documented: a whole number, rounded up (`number`).
    #[default]
    Number,
    /// The same as a text (`text`).
    Text,
    /// With its fraction, such as `0.5` (`fraction`).
    Fraction,
    /// Not at all: the field is left out (`missing`).
    Missing,
}

impl LifetimeForm {
    /// All forms.
    pub const ALL: [Self; 4] = [Self::Number, Self::Text, Self::Fraction, Self::Missing];

    /// The name in settings and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Fraction => "fraction",
            Self::Missing => "missing",
        }
    }
}

impl FromStr for LifetimeForm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|form| form.name() == text);
        known.ok_or_else(|| "the form of a lifetime is number, text, fraction or missing".to_owned())
    }
}

/// What the calls of QR sign-in answer where it is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QrOff {
    /// 404: no such endpoint.
    #[default]
    NotFound,
    /// 405: the endpoint has another method.
    MethodNotAllowed,
}

impl QrOff {
    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
        }
    }

    pub(crate) fn from_status(status: u16) -> Option<Self> {
        [Self::NotFound, Self::MethodNotAllowed].into_iter().find(|off| off.status() == status)
    }
}

/// How QR sign-in behaves. Whether it is offered at all is [`Builder::qr_available`](crate::Builder::qr_available).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrSettings {
    pub(crate) lifetime: Duration,
    pub(crate) form: LifetimeForm,
    pub(crate) location: Option<String>,
    pub(crate) off: QrOff,
}

impl Default for QrSettings {
    /// Two minutes as a whole number, no location, 404 where it is off.
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(120),
            form: LifetimeForm::default(),
            location: None,
            off: QrOff::default(),
        }
    }
}

impl QrSettings {
    /// How long a channel and its authorization token live; two minutes by default.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// How `lifetimeMinutes` is written; as a whole number by default.
    #[must_use]
    pub fn lifetime_form(mut self, form: LifetimeForm) -> Self {
        self.form = form;
        self
    }

    /// The city that is sent as the display's; none by default.
    #[must_use]
    pub fn location(mut self, location: Option<&str>) -> Self {
        self.location = location.map(str::to_owned);
        self
    }

    /// What the calls answer where QR sign-in is off; 404 by default.
    #[must_use]
    pub fn off(mut self, off: QrOff) -> Self {
        self.off = off;
        self
    }

    /// `lifetimeMinutes` as it is written; `None` where it is left out.
    pub(crate) fn lifetime_minutes(&self) -> Option<Value> {
        let whole = self.lifetime.as_secs().div_ceil(60);
        match self.form {
            LifetimeForm::Number => Some(json!(whole)),
            LifetimeForm::Text => Some(json!(whole.to_string())),
            LifetimeForm::Fraction => Some(json!(self.lifetime.as_secs_f64() / 60.0)),
            LifetimeForm::Missing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_lifetime() {
        let half = QrSettings::default().lifetime(Duration::from_secs(90));
        let written = |form| half.clone().lifetime_form(form).lifetime_minutes();
        assert_eq!(
            LifetimeForm::ALL.map(written),
            [Some(json!(2)), Some(json!("2")), Some(json!(1.5)), None]
        );
        for form in LifetimeForm::ALL {
            assert_eq!(form.name().parse(), Ok(form));
        }
        assert!("soon".parse::<LifetimeForm>().is_err());
    }
}
