//! Reading users from TOML, with the line and field of every mistake.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Method, Office, PasswordHash, User, Users, UsersError};
use crate::codes::totp::Authenticator;

const FIELDS: [&str; 9] = [
    "email",
    "password",
    "office",
    "methods",
    "totp_secret",
    "phone",
    "force_reset",
    "mailed_code",
    "client_id",
];

impl Users {
    /// Reads `[[user]]` tables. Every user needs `email`, `password` and `office` (`"front"` or `"back"`); optional are
    /// `methods` (`["google", "sms"]`), `totp_secret` (base32, else made up), `phone`, `force_reset`, `mailed_code`,
    /// `client_id`.
    ///
    /// # Errors
    /// Says the line and the field; never quotes a value.
    pub fn from_toml(text: &str) -> Result<Self, UsersError> {
        let mut users = Self::empty();
        users.add_toml(text)?;
        Ok(users)
    }

    /// Adds the users of such a text, all of them or none.
    pub(crate) fn add_toml(&mut self, text: &str) -> Result<(), UsersError> {
        let before = self.len();
        read(self, text).inspect_err(|_| self.truncate(before))
    }
}

fn read(users: &mut Users, text: &str) -> Result<(), UsersError> {
    let before = users.len();
    let lines = Lines(text);
    let file = DeTable::parse(text)
        .map_err(|error| UsersError::Syntax { line: lines.of(error.span().unwrap_or_default()) })?;
    for (name, value) in file.get_ref() {
        if name.get_ref() != "user" {
            return Err(UsersError::UnknownField {
                line: lines.of(name.span()),
                field: name.get_ref().to_string(),
            });
        }
        let bad = |span| UsersError::BadField {
            line: lines.of(span),
            field: "user",
            expected: "a list of tables: [[user]]",
        };
        for entry in value.get_ref().as_array().ok_or_else(|| bad(value.span()))?.iter() {
            let table = entry.get_ref().as_table().ok_or_else(|| bad(entry.span()))?;
            let row = Row { line: lines.of(entry.span()), lines: &lines, table };
            let user = row.user(users)?;
            users.add(row.line, user)?;
        }
    }
    if users.len() == before { Err(UsersError::NoUsers) } else { Ok(()) }
}

/// Turns places in the text into line numbers.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    fn of(&self, span: Range<usize>) -> usize {
        let before = self.0.as_bytes().iter().take(span.start);
        1 + before.filter(|byte| **byte == b'\n').count()
    }
}

/// One `[[user]]` table.
struct Row<'a> {
    line: usize,
    lines: &'a Lines<'a>,
    table: &'a DeTable<'a>,
}

impl Row<'_> {
    fn user(&self, others: &Users) -> Result<User, UsersError> {
        self.refuse_unknown_fields()?;
        let email = self.required("email")?;
        let office = match self.required("office")? {
            "front" => Office::Front,
            "back" => Office::Back,
            _ => return Err(self.bad("office", "\"front\" or \"back\"")),
        };
        if !email.contains('@') || email.trim() != email {
            return Err(self.bad("email", "an e-mail address"));
        }
        let password = self.required("password")?;
        if password.is_empty() {
            return Err(self.bad("password", "a text that is not empty"));
        }
        let methods = self.methods()?;
        let mailed_code = self.switch("mailed_code")?;
        let force_reset = self.switch("force_reset")?;
        match office {
            Office::Front if mailed_code => {
                return Err(self.bad("mailed_code", "left out in the front office"));
            }
            Office::Back if !methods.is_empty() => {
                return Err(self.bad("methods", "left out in the back office (there is mailed_code)"));
            }
            Office::Back if force_reset => return Err(self.bad("force_reset", "left out in the back office")),
            _ => {}
        }
        let client_id = self.client_id(office, others)?;
        let mut phone = self.text("phone")?.map(str::to_owned);
        if phone.is_none() && methods.contains(&Method::Sms) {
            phone = Some(format!("+1555{client_id:07}"));
        }
        Ok(User {
            email: email.to_owned(),
            office,
            client_id,
            password: PasswordHash::of(password).map_err(|_| UsersError::Random)?,
            authenticator: self.authenticator(email, &methods)?,
            methods,
            phone,
            force_reset,
            has_own_password: false,
            mailed_code,
        })
    }

    fn refuse_unknown_fields(&self) -> Result<(), UsersError> {
        match self.table.keys().find(|name| !FIELDS.contains(&name.get_ref().as_ref())) {
            None => Ok(()),
            Some(name) => Err(UsersError::UnknownField {
                line: self.lines.of(name.span()),
                field: name.get_ref().to_string(),
            }),
        }
    }

    fn methods(&self) -> Result<Vec<Method>, UsersError> {
        let bad = || self.bad("methods", "a list of \"google\" and \"sms\", each at most once");
        let Some(value) = self.value("methods") else { return Ok(Vec::new()) };
        let mut methods = Vec::new();
        for name in value.get_ref().as_array().ok_or_else(bad)?.iter() {
            let method = name.get_ref().as_str().and_then(Method::from_name).ok_or_else(bad)?;
            if methods.contains(&method) {
                return Err(bad());
            }
            methods.push(method);
        }
        Ok(methods)
    }

    fn authenticator(&self, email: &str, methods: &[Method]) -> Result<Option<Authenticator>, UsersError> {
        let secret = self.text("totp_secret")?;
        if !methods.contains(&Method::Google) {
            return match secret {
                None => Ok(None),
                Some(_) => Err(self.bad("totp_secret", "left out without the method \"google\"")),
            };
        }
        let made = match secret {
            Some(secret) => Authenticator::new(secret, email)
                .map_err(|_| self.bad("totp_secret", "base32 of at least 16 bytes"))?,
            None => Authenticator::generate(email).map_err(|_| UsersError::Random)?,
        };
        Ok(Some(made))
    }

    fn client_id(&self, office: Office, others: &Users) -> Result<u64, UsersError> {
        let Some(value) = self.value("client_id") else {
            return Ok((1..).find(|id| !others.has_client_id(office, *id)).unwrap_or_default());
        };
        let number = value.get_ref().as_integer().filter(|number| number.radix() == 10);
        number
            .and_then(|number| number.as_str().parse().ok())
            .filter(|id| *id > 0)
            .ok_or_else(|| self.bad("client_id", "a whole number above 0"))
    }

    fn switch(&self, field: &'static str) -> Result<bool, UsersError> {
        match self.value(field) {
            None => Ok(false),
            Some(value) => value.get_ref().as_bool().ok_or_else(|| self.bad(field, "true or false")),
        }
    }

    fn required(&self, field: &'static str) -> Result<&str, UsersError> {
        self.text(field)?.ok_or(UsersError::MissingField { line: self.line, field })
    }

    fn text(&self, field: &'static str) -> Result<Option<&str>, UsersError> {
        match self.value(field) {
            None => Ok(None),
            Some(value) => value.get_ref().as_str().map(Some).ok_or_else(|| self.bad(field, "a text")),
        }
    }

    fn value(&self, field: &str) -> Option<&Spanned<DeValue<'_>>> {
        self.table.get(field)
    }

    fn bad(&self, field: &'static str, expected: &'static str) -> UsersError {
        let line = self.value(field).map_or(self.line, |value| self.lines.of(value.span()));
        UsersError::BadField { line, field, expected }
    }
}
