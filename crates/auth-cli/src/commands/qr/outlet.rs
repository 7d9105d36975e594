//! What is seen of a display's states: lines of JSON, a code in the terminal, files.

use super::{super::signin::signed_in_all_the_same, files::CodeFiles};
use crate::{
    failure::{Failure, quoted},
    output,
    qr_args::Show,
    qr_code::{Drawing, draw},
    screen::Screen,
};
use auth_client::{QrExpiry, QrShown, QrState, Session};
use auth_messages::{Catalogue, Message};
use serde_json::{Value, json};

/// Where the states go.
pub(super) struct Outlet {
    json: bool,
    screen: Option<Screen>,
    files: CodeFiles,
    host: String,
    catalogue: Catalogue,
    code: Option<QrShown>,
}

impl Outlet {
    /// # Errors
    /// Nobody would see the code.
    pub(super) fn new(json: bool, args: &Show, host: String, catalogue: Catalogue) -> Result<Self, Failure> {
        let screen = if json { None } else { Screen::find() };
        let files = CodeFiles::new(args)?;
        if !json && screen.is_none() && !files.are_wanted() {
            return Err(Failure::wrong_call("qr_nobody"));
        }
        Ok(Self { json, screen, files, host, catalogue, code: None })
    }

    /// Shows a state.
    ///
    /// # Errors
    /// The code cannot be drawn, or a file or standard output cannot be written.
    pub(super) fn show(&mut self, state: &QrState) -> Result<(), Failure> {
        self.code = state.code().cloned();
        match state {
            QrState::Shown(code) | QrState::Renewed(code) => self.show_code(code)?,
            QrState::Approved => self.hide(Some(Message::new("qr-approved"))),
            QrState::Expired(reason) => self.hide(Some(why_expired(*reason))),
            QrState::Declined | QrState::SignedIn(_) | QrState::NotAvailable => self.hide(None),
        }
        let told = match state {
            _ if self.json => output::live(as_json(state)),
            QrState::SignedIn(session) => output::data(format!("signed in as {}", session.account())),
            _ => Ok(()),
        };
        told.map_err(|why| match state {
            QrState::SignedIn(session) => signed_in_all_the_same(why, session),
            _ => Failure::output(why),
        })
    }

    /// Shows how long the code still lasts.
    pub(super) fn tick(&mut self) {
        if let (Some(screen), Some(code)) = (&mut self.screen, &self.code) {
            let left = Message::new("qr-renewed-in").wait(code.time_left());
            screen.status(&self.catalogue.say(&left));
        }
    }

    /// Takes the code away, and says this in its place.
    pub(super) fn hide(&mut self, why: Option<Message>) {
        self.files.remove();
        if let Some(screen) = &mut self.screen {
            screen.clear();
            if let Some(why) = why {
                screen.status(&self.catalogue.say(&why));
            }
        }
    }

    fn show_code(&mut self, code: &QrShown) -> Result<(), Failure> {
        let drawing = Drawing::of(code.payload().expose());
        // With JSON alone, whoever reads it draws.
        if drawing.is_none() && (self.screen.is_some() || self.files.are_wanted()) {
            return Err(Failure::saying("qr_too_long", Message::new("qr_too_long")));
        }
        let Some(drawing) = drawing else { return Ok(()) };
        self.files.write(&drawing)?;
        match &mut self.screen {
            Some(screen) => {
                let mut lines = vec![
                    self.catalogue.say(&Message::new("qr-scan").with("host", &self.host)),
                    self.catalogue.say(&this_screen(code)),
                ];
                if drawing.side() > screen.columns() {
                    let needed = Message::new("qr-narrow").with("columns", drawing.side());
                    lines.push(self.catalogue.say(&needed));
                } else {
                    lines.extend(draw(&drawing, screen.look()));
                }
                screen.show(&lines, drawing.side());
                self.tick();
            }
            None if !self.json => {
                for file in self.files.paths() {
                    let note = Message::new("qr-in-file").with("file", file.display());
                    output::note(format!("b2auth: {}", self.catalogue.say(&note)));
                }
            }
            None => {}
        }
        Ok(())
    }
}

impl Drop for Outlet {
    /// However the command ends, no code is left that is not watched any more, and what is said next has a line of its own.
    fn drop(&mut self) {
        self.hide(None);
    }
}

/// What the host says of this screen, to compare with what the approver sees.
fn this_screen(code: &QrShown) -> Message {
    let told: Vec<&str> = [code.location(), code.ip()].into_iter().flatten().collect();
    if told.is_empty() {
        return Message::new("qr-this-screen-unknown");
    }
    Message::new("qr-this-screen").with("place", quoted(&told.join(", ")))
}

fn why_expired(reason: QrExpiry) -> Message {
    match reason {
        QrExpiry::Lifetime | QrExpiry::Host => Message::new("qr-new-code"),
        QrExpiry::ConnectionLost => Message::new("qr-connection-lost"),
        QrExpiry::Late => Message::new("qr-approved-late"),
    }
}

fn as_json(state: &QrState) -> Value {
    let mut line = match state {
        QrState::Shown(code) | QrState::Renewed(code) => json!({
            "payload": code.payload().expose(),
            "channel": code.channel_id().expose(),
            "channel_name": code.channel_name().expose(),
            "event": code.event(),
            "expires_at": code.expires_at().to_string(),
            "lifetime_seconds": code.lifetime().as_secs(),
            "ip": code.ip(),
            "location": code.location(),
        }),
        QrState::Expired(reason) => json!({"reason": reason.kind()}),
        QrState::SignedIn(session) => signed_in(session),
        QrState::Approved | QrState::Declined | QrState::NotAvailable => json!({}),
    };
    line["state"] = state.name().into();
    line
}

fn signed_in(session: &Session) -> Value {
    let mut line = super::super::signin::as_json(session);
    line["client_id"] = session.client_id().into();
    line
}
