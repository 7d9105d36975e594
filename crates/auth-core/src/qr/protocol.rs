//! What no document of the vendor settles about QR sign-in: each assumption is a field here, with its default.
//!
//! `docs/hosts.md` lists them with their reasons.

use crate::{
    Host,
    ports::{ChannelHeader, ChannelSubscription, ChannelTransports},
    secret::{ChannelName, QrChannelId},
};
use zeroize::Zeroizing;

/// The assumptions about a host's QR sign-in. The defaults fit this project's sandbox, except for the two calls that are not the
/// vendor's ([`inspect`](Self::inspect), [`decline`](Self::decline)), which are off.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QrProtocol {
    /// What the code of a display holds. Approvers read all three forms, whatever this says.
    pub payload: PayloadForm,
    /// The fields of `POST /my/signin/tokens` that carry the channel's id; it is sent under each of these names.
    pub id_fields: Vec<String>,
    /// The live channel's server. `{host}` stands for the host's address.
    pub socket_url: String,
    /// How the live channel's server may be reached.
    pub transports: ChannelTransports,
    /// The name of a sign-in channel. `{id}` stands for the channel's id.
    pub channel: String,
    /// True if the channel is private: its name then gets `private-` in front, and the host authorizes the subscriber.
    pub private: bool,
    /// The `Authorization` header by which the subscriber of a private channel is authorized.
    pub channel_authorization: Option<Zeroizing<String>>,
    /// The event that brings the authorization token.
    pub event: String,
    /// The event that says that the approver declined.
    pub declined_event: String,
    /// The event that says that the code has expired.
    pub expired_event: String,
    /// The fields of the event's data that may have the authorization token, at top level or under `data`.
    pub token_fields: Vec<String>,
    /// True if the approver may ask the host what it knows of a code (`POST /my/signin/qrcodes/inspect`, not the vendor's).
    pub inspect: bool,
    /// True if the approver may tell the host that it declines (`POST /my/signin/qrcodes/decline`, not the vendor's).
    pub decline: bool,
}

/// The text of a QR code, as a display writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayloadForm {
    /// `{"id":"…","host":"https://…"}`: no camera app opens it as a link, and the approver can tell another host's code.
    #[default]
    Json,
    /// `https://…/qr?id=…`
    Url,
    /// The id alone.
    Id,
}

/// An option of [`QrProtocol::set`] that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrOptionError {
    /// There is no such option.
    #[error("no such QR option: {key}; there are {}", QrProtocol::KEYS.join(", "))]
    UnknownKey {
        /// The name that was given.
        key: String,
    },
    /// The value does not fit the option.
    #[error("the QR option {key} takes {expected}")]
    BadValue {
        /// The option's name.
        key: &'static str,
        /// What it takes, in English.
        expected: &'static str,
    },
}

impl Default for QrProtocol {
    fn default() -> Self {
        let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            payload: PayloadForm::default(),
            id_fields: texts(&["channelId", "id"]),
            socket_url: "{host}/socket.io/".to_owned(),
            transports: ChannelTransports::default(),
            channel: "qr.{id}".to_owned(),
            private: false,
            channel_authorization: None,
            event: "approved".to_owned(),
            declined_event: "declined".to_owned(),
            expired_event: "expired".to_owned(),
            token_fields: texts(&["authorizationToken", "authorization_token", "token"]),
            inspect: false,
            decline: false,
        }
    }
}

impl QrProtocol {
    /// The names that [`set`](Self::set) knows.
    pub const KEYS: [&'static str; 13] = [
        "payload",
        "id_fields",
        "socket_url",
        "transports",
        "channel",
        "private",
        "channel_authorization",
        "event",
        "declined_event",
        "expired_event",
        "token_fields",
        "inspect",
        "decline",
    ];

    /// Sets an assumption by its name, for programs that take it as text.
    ///
    /// # Errors
    /// There is no such name, or the value does not fit it.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), QrOptionError> {
        let value = value.trim();
        match key {
            "payload" => {
                self.payload = match value {
                    "json" => PayloadForm::Json,
                    "url" => PayloadForm::Url,
                    "id" => PayloadForm::Id,
                    _ => return Err(bad("payload", "json, url or id")),
                }
            }
            "transports" => {
                self.transports = match value {
                    "both" => ChannelTransports::PollingThenWebSocket,
                    "polling" => ChannelTransports::Polling,
                    "websocket" => ChannelTransports::WebSocket,
                    _ => return Err(bad("transports", "both, polling or websocket")),
                }
            }
            "id_fields" => self.id_fields = names("id_fields", value)?,
            "token_fields" => self.token_fields = names("token_fields", value)?,
            "socket_url" => {
                if !is_socket_url(value, false) {
                    return Err(bad("socket_url", "an https address, or {host} with a path"));
                }
                self.socket_url = value.to_owned();
            }
            "channel" => {
                if !value.contains("{id}") {
                    return Err(bad("channel", "a name with {id} in it"));
                }
                self.channel = value.to_owned();
            }
            "private" => self.private = flag("private", value)?,
            "inspect" => self.inspect = flag("inspect", value)?,
            "decline" => self.decline = flag("decline", value)?,
            "channel_authorization" => {
                if value.contains(|c: char| c.is_control()) {
                    return Err(bad("channel_authorization", "the value of a header"));
                }
                self.channel_authorization = Some(Zeroizing::new(value.to_owned()));
            }
            "event" => self.event = name("event", value)?,
            "declined_event" => self.declined_event = name("declined_event", value)?,
            "expired_event" => self.expired_event = name("expired_event", value)?,
            _ => return Err(QrOptionError::UnknownKey { key: key.chars().take(64).collect() }),
        }
        Ok(())
    }

    /// False if the live channel's server is watched in the clear on another machine, which could then read approvals. A test
    /// network may allow that.
    #[must_use]
    pub fn is_socket_url_allowed(&self, plain_http_for_development: bool) -> bool {
        is_socket_url(&self.socket_url, plain_http_for_development)
    }

    /// The name of a code's channel.
    pub(super) fn channel_name(&self, id: &QrChannelId) -> ChannelName {
        let name = Zeroizing::new(self.channel.replace("{id}", id.expose()));
        let private = self.private && !name.starts_with("private-");
        ChannelName::new([if private { "private-" } else { "" }, &name].concat())
    }

    /// The subscription to a code's channel.
    pub(super) fn subscription(
        &self,
        host: &Host,
        channel: ChannelName,
        user_agent: &str,
    ) -> ChannelSubscription {
        let url = self.socket_url.replace("{host}", host.url("").trim_end_matches('/'));
        let headers = self
            .channel_authorization
            .iter()
            .map(|value| ChannelHeader { name: "Authorization".to_owned(), value: value.clone() });
        let headers = headers.collect();
        let (user_agent, transports) = (user_agent.to_owned(), self.transports);
        ChannelSubscription { headers, user_agent, transports, ..ChannelSubscription::new(url, channel) }
    }
}

/// An address that a host could have: `{host}` with a path, or one that is parsed by the same rules.
fn is_socket_url(url: &str, plain_http: bool) -> bool {
    let parse = if plain_http { Host::parse_with_plain_http_for_development } else { Host::parse };
    let has_host = |start: usize| {
        let end = url[start..].find('/').map_or(url.len(), |at| start + at);
        parse(&url[..end]).is_ok()
    };
    let fits = url.starts_with("{host}/") || url.find("://").is_some_and(|at| has_host(at + 3));
    fits && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn bad(key: &'static str, expected: &'static str) -> QrOptionError {
    QrOptionError::BadValue { key, expected }
}

fn flag(key: &'static str, value: &str) -> Result<bool, QrOptionError> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(bad(key, "true or false")),
    }
}

fn name(key: &'static str, value: &str) -> Result<String, QrOptionError> {
    if value.is_empty() { Err(bad(key, "a name")) } else { Ok(value.to_owned()) }
}

/// Names that can be written into JSON as they are.
fn names(key: &'static str, value: &str) -> Result<Vec<String>, QrOptionError> {
    let names: Vec<String> = value.split(',').map(|name| name.trim().to_owned()).collect();
    let fits = |name: &String| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    };
    if names.iter().all(fits) {
        Ok(names)
    } else {
        Err(bad(key, "names of fields, with commas between them"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assumption_can_be_set_by_its_name() {
        let mut protocol = QrProtocol::default();
        for (key, value) in [
            ("payload", "url"),
            ("id_fields", "uuid, channel_id"),
            ("socket_url", "https://live.broker.example:6001/socket.io/"),
            ("transports", "websocket"),
            ("channel", "laravel_database_signin.{id}"),
            ("private", "true"),
            ("channel_authorization", "Bearer abc"),
            ("event", "QrApproved"),
            ("declined_event", "QrDeclined"),
            ("expired_event", "QrExpired"),
            ("token_fields", "t"),
            ("inspect", "true"),
            ("decline", "true"),
        ] {
            let before = format!("{protocol:?}");
            assert!(QrProtocol::KEYS.contains(&key));
            protocol.set(key, value).unwrap();
            assert_ne!(format!("{protocol:?}"), before, "{key} has no effect");
        }
        assert!(!format!("{protocol:?}").contains("Bearer"), "the authorization is a secret");
        let id = QrChannelId::new("7");
        let channel = protocol.channel_name(&id);
        assert_eq!(channel.expose(), "private-laravel_database_signin.7");
        let host = Host::parse("https://broker.example/base").unwrap();
        let subscription = protocol.subscription(&host, channel, "test/1");
        assert_eq!(subscription.url, "https://live.broker.example:6001/socket.io/");
        assert_eq!(
            (&*subscription.headers[0].name, &**subscription.headers[0].value),
            ("Authorization", "Bearer abc")
        );
    }

    #[test]
    fn options_that_cannot_be_right_are_refused() {
        let mut protocol = QrProtocol::default();
        for (key, value) in [
            ("payload", "xml"),
            ("transports", ""),
            ("channel", "qr"),
            ("private", "yes"),
            ("id_fields", "a,,b"),
            ("token_fields", "a\"b"),
            ("event", ""),
            ("socket_url", "ftp://x"),
            ("socket_url", "http://live.broker.example/socket.io/"),
            ("socket_url", "https://live.broker.example@evil.example/socket.io/"),
            ("socket_url", "{host}.evil.example/socket.io/"),
            ("socket_url", "https://live.broker.example/socket io/"),
            ("channel_authorization", "a\r\nb"),
        ] {
            let refused = protocol.set(key, value);
            assert!(matches!(refused, Err(QrOptionError::BadValue { .. })), "{key}={value}: {refused:?}");
        }
        assert!(matches!(protocol.set("colour", "red"), Err(QrOptionError::UnknownKey { .. })));
        let host = Host::parse("https://broker.example/base").unwrap();
        let channel = protocol.channel_name(&QrChannelId::new("7"));
        assert_eq!(protocol.subscription(&host, channel, "").url, "https://broker.example/base/socket.io/");
    }
}
