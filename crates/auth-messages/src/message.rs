//! A message before it has a language.

use std::time::Duration;

/// What is to be said: an id of the catalogue and its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub(crate) id: &'static str,
    pub(crate) about: Option<&'static str>,
    pub(crate) data: Vec<(&'static str, Data)>,
    pub(crate) then: Option<Box<Self>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Text(String),
    Wait(Duration),
}

impl Message {
    /// The message of this id.
    pub const fn new(id: &'static str) -> Self {
        Self { id, about: None, data: Vec::new(), then: None }
    }

    /// Chooses among the messages of one code.
    #[must_use]
    pub fn about(self, what: &'static str) -> Self {
        Self { about: Some(what), ..self }
    }

    /// Adds a text or a number, which is shown as it stands.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl ToString) -> Self {
        self.data.push((name, Data::Text(text.to_string())));
        self
    }

    /// Adds a wait, as `$wait`. It is shown rounded up to whole seconds, or from an hour on to minutes.
    #[must_use]
    pub fn wait(mut self, time: Duration) -> Self {
        self.data.push(("wait", Data::Wait(time)));
        self
    }

    /// Says another message after this one.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self { then: Some(Box::new(next)), ..self }
    }

    /// The id in the catalogue: the code, and what it is about, such as `invalid_input.code_needed`.
    pub fn id(&self) -> String {
        match self.about {
            Some(about) => format!("{}.{about}", self.id),
            None => self.id.to_owned(),
        }
    }
}
