//! Errors as exit codes, one line and one JSON object.

mod of_request;
mod qr;
mod requests;
mod store;

use crate::{messages, output};
use auth_client::{CallError, Recovery, RequestError, ServerMessage, ports::TransportError};
use auth_core::shown_as;
use auth_messages::{Catalogue, Message, whole_seconds};
use serde_json::{Value, json};
use std::{error::Error, io, process::ExitCode, time::Duration};

/// The exit codes of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Other = 1,
    Usage = 2,
    NotSignedIn = 3,
    Refused = 4,
    LockedOut = 5,
    Network = 6,
    NotB2Core = 7,
    Store = 8,
    Output = 9,
    MoreInput = 10,
    /// As a shell says it of a command that it cannot run.
    CannotRun = 126,
    /// As a shell says it of a command that it does not find.
    NoCommand = 127,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What a command ends with if it does not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    kind: &'static str,
    message: Message,
    recovery: &'static str,
    details: Box<Details>,
}

#[derive(Debug, Default)]
struct Details {
    retry_after: Option<Duration>,
    correlation_id: Option<String>,
    server_message: Vec<String>,
    attempts_left: Option<u32>,
    /// The error's own words, for who looks for its cause.
    detail: Option<String>,
    /// What lies behind it, the nearest first. The first one is a sentence.
    causes: Vec<String>,
    /// The message has the first of them in it.
    is_cause_said: bool,
    /// Nobody reads any more: the exit code is all that is left to say.
    is_unread: bool,
}

impl Failure {
    fn new(exit: Exit, kind: &'static str, message: Message, recovery: Recovery) -> Self {
        let retry_after = match recovery {
            Recovery::Wait { retry_after } => Some(retry_after),
            Recovery::Retry { after } => after,
            _ => None,
        };
        let details = Box::new(Details { retry_after, ..Details::default() });
        Self { exit, kind, message, recovery: recovery.as_str(), details }
    }

    /// The call itself is wrong, in a way that the catalogue knows.
    pub(crate) fn wrong_call(how: &'static str) -> Self {
        Self::call_of(Message::new("usage").about(how))
    }

    /// The call itself is wrong; the problem is stated as it is.
    pub(crate) fn usage(problem: impl Into<String>) -> Self {
        Self::call_of(Message::new("usage").with("problem", problem.into()))
    }

    /// The call itself is wrong, as the message says.
    pub(crate) fn call_of(message: Message) -> Self {
        Self { recovery: "mend_call", ..Self::new(Exit::Usage, "usage", message, Recovery::Report) }
    }

    /// Anything that has no exit code of its own; the problem is stated as it is.
    pub(crate) fn other(kind: &'static str, problem: impl Into<String>) -> Self {
        Self::saying(kind, Message::new(kind).with("problem", problem.into()))
    }

    /// Anything that has no exit code of its own, as the message says.
    pub(crate) fn saying(kind: &'static str, message: Message) -> Self {
        Self::new(Exit::Other, kind, message, Recovery::Report)
    }

    /// The command to run was not there, or could not be run.
    pub(crate) fn not_run(command: &str, why: &io::Error) -> Self {
        let (exit, kind, message) = match why.kind() {
            io::ErrorKind::NotFound => {
                (Exit::NoCommand, "command_not_found", Message::new("command_not_found"))
            }
            _ => (Exit::CannotRun, "command_not_run", Message::new("command_not_run").with("problem", why)),
        };
        let message = message.with("command", command);
        Self { recovery: "mend_call", ..Self::new(exit, kind, message, Recovery::Report) }.detail(why)
    }

    /// What was asked for could not be written.
    pub(crate) fn output(why: io::Error) -> Self {
        let message = Message::new("output").with("problem", &why);
        let mut failure = Self::new(Exit::Output, "output", message, Recovery::Report).detail(&why);
        failure.recovery = "mend_call";
        failure.details.is_unread = why.kind() == io::ErrorKind::BrokenPipe;
        failure
    }

    /// The same of a command that has done its work all the same, as the message says.
    pub(crate) fn output_after(why: io::Error, done: Message) -> Self {
        let failure = Self::output(why);
        Self { message: failure.message.then(done), ..failure }
    }

    /// True if the host could not be reached just now.
    pub(crate) fn is_network(&self) -> bool {
        self.exit == Exit::Network
    }

    fn call(error: &CallError) -> Self {
        let exit = match error {
            CallError::LockedOut(_) => Exit::LockedOut,
            CallError::Transport(TransportError::TooLarge | TransportError::NotHttp) => Exit::NotB2Core,
            CallError::Transport(_) => Exit::Network,
            CallError::HostFailed { .. }
            | CallError::NotB2Core { .. }
            | CallError::Redirected { .. }
            | CallError::BlockedByGateway { .. }
            | CallError::Protocol { .. } => Exit::NotB2Core,
        };
        let mut message = Message::from(error);
        if let CallError::Redirected { to: Some(to), .. } = error {
            message =
                Message::new("redirected-to").with("to", to).then(Message::new("use-host").with("host", to));
        }
        if let CallError::Transport(TransportError::PinMismatch) = error {
            message = Message::new("other-keys");
        }
        Self::new(exit, error.kind(), message, error.recovery()).detail(error)
    }

    fn detail(mut self, error: &impl ToString) -> Self {
        self.details.detail = Some(error.to_string());
        self
    }

    fn server_message(mut self, server_message: Option<&ServerMessage>) -> Self {
        self.details.server_message =
            server_message.map(|server_message| server_message.lines().to_vec()).unwrap_or_default();
        self
    }

    fn at<E: Error + 'static>(mut self, failed: &RequestError<E>) -> Self {
        let causes = std::iter::successors(failed.source(), |&cause| cause.source());
        // A certificate that was refused may be quoted in it.
        let shown = |cause: &dyn Error| cause.to_string().chars().filter_map(shown_as).collect();
        self.details.causes = causes.map(shown).collect();
        self.details.correlation_id = failed.correlation_id.as_ref().map(ToString::to_string);
        self
    }

    /// What it says, for a command that goes on: a line, or a line of JSON.
    pub(crate) fn as_answer(&self, json: bool) -> String {
        let catalogue = messages::catalogue();
        match json {
            true => self.to_json(&catalogue).to_string(),
            false => catalogue.say(&self.message),
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(crate) fn exit(&self) -> ExitCode {
        self.exit.into()
    }

    /// Prints it and gives the exit code.
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        if self.details.is_unread {
            return self.exit.into();
        }
        let catalogue = messages::catalogue();
        // The exit code and standard error say it too, so that its loss takes nothing away from what has happened.
        if json {
            output::line(self.to_json(&catalogue));
        }
        let message = with_quote(self.message.clone(), self.details.server_message.first());
        let unsaid = self.details.causes.first().filter(|_| !self.details.is_cause_said);
        let cause = unsaid.map(|cause| format!(" ({cause})")).unwrap_or_default();
        output::note(format!("b2auth: {}{cause}", catalogue.say(&message)));
        if let [_, behind @ ..] = &*self.details.causes
            && !behind.is_empty()
        {
            tracing::info!("caused by: {}", behind.join(": "));
        }
        self.exit.into()
    }

    fn to_json(&self, catalogue: &Catalogue) -> Value {
        let message = catalogue.say(&self.message);
        let mut error = json!({"kind": self.kind, "message": message, "recovery": self.recovery});
        let Details { retry_after, correlation_id, server_message, attempts_left, detail, causes, .. } =
            &*self.details;
        if let Some(wait) = *retry_after {
            error["retry_after_seconds"] = whole_seconds(wait).into();
        }
        if let Some(id) = correlation_id {
            error["correlation_id"] = id.as_str().into();
        }
        if !server_message.is_empty() {
            error["host_says"] = server_message.clone().into();
        }
        if let Some(left) = attempts_left {
            error["attempts_left"] = (*left).into();
        }
        if let Some(detail) = detail {
            error["detail"] = detail.as_str().into();
        }
        if !causes.is_empty() {
            error["cause"] = causes.join(": ").into();
        }
        json!({ "error": error })
    }
}

/// Quotes the host behind a message of ours.
pub(crate) fn with_quote(message: Message, server_message: Option<&String>) -> Message {
    match server_message {
        Some(server_message) => message.then(Message::new("host-says").with("text", quoted(server_message))),
        None => message,
    }
}

/// A host's word for something inside of a sentence of ours, so that nobody reads on in it as if it were ours.
pub(crate) fn quoted(of_the_host: &str) -> String {
    format!("{of_the_host:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_client::{LockedOut, LockedOutBy};
    use auth_messages::Language;

    #[test]
    fn a_lock_out_tells_the_wait_in_both_forms() {
        let lock = LockedOut { retry_after: Duration::from_millis(598_001), by: LockedOutBy::Host };
        let failure = Failure::call(&CallError::LockedOut(lock));
        assert_eq!(failure.exit, Exit::LockedOut);
        let error =
            |language| failure.to_json(&Catalogue::load(Language::negotiate([language])))["error"].clone();
        assert_eq!(error("en")["message"], "Too many attempts; try again in 9 min 59 s.");
        assert_eq!(error("es")["message"], "Demasiados intentos; inténtelo de nuevo dentro de 9 min 59 s.");
        assert_eq!(error("es")["retry_after_seconds"], 599);
        assert_eq!(error("es")["recovery"], "wait");
    }
}
