//! What a phone has scanned: text that anybody can have written. Only the channel's id is taken from it.

use crate::{
    Host, Recovery,
    host::NotOwn,
    secret::QrChannelId,
    wire::{Json, MAX_CHANNEL_ID_BYTES, Value, channel_id},
};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// A code of the phone's own host.
///
/// Everything else that a code claims, such as an address or a place, is the attacker's to write, and is not kept.
#[derive(Clone, Debug)]
pub struct ScannedCode {
    id: QrChannelId,
    names_its_host: bool,
    source: ScanSource,
}

/// How a code came to the approver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanSource {
    /// The app's own camera saw it on a screen.
    Camera,
    /// It was opened as a link, or sent as text or picture. Somebody who wants a sign-in approved sends codes in this way.
    Link,
}

/// The scanned text is not a code that can be approved.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// The text is empty, or longer than any code.
    #[error("this is not a sign-in code")]
    NotACode,
    /// The code names another host than the one that the phone is signed in to.
    #[error("this code belongs to another site")]
    OtherHost,
}

impl ScanError {
    /// A stable name for programs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::NotACode => "not_a_qr_code",
            Self::OtherHost => "qr_other_host",
        }
    }

    /// What the caller can do next.
    pub fn recovery(self) -> Recovery {
        Recovery::AskUser
    }
}

const MAX_BYTES: usize = 4096;
/// The fields and parameters that a channel's id is looked for in.
const ID_NAMES: [&str; 6] = ["id", "channelId", "channel_id", "channel", "uuid", "qr"];
/// The fields in which a code names its host.
const HOST_NAMES: [&str; 5] = ["host", "origin", "url", "server", "baseUrl"];

impl ScannedCode {
    /// Reads a scanned text: the bare id, a URL of the host with the id in it, or JSON with the id in it.
    ///
    /// # Errors
    /// It is none of these, or it names another host: scheme, name and port must be those of `host`.
    pub fn read(scanned: &[u8], host: &Host, source: ScanSource) -> Result<Self, ScanError> {
        if scanned.len() > MAX_BYTES {
            return Err(ScanError::NotACode);
        }
        let text = std::str::from_utf8(scanned).map_err(|_| ScanError::NotACode)?;
        let text = text.trim_start_matches('\u{feff}').trim();
        let (id, names_its_host) = if text.starts_with(['{', '[', '"']) {
            from_json(text, host)?
        } else if text.contains("://") {
            (from_url(text, host)?, true)
        } else {
            (bare(text)?, false)
        };
        Ok(Self { id, names_its_host, source })
    }

    /// The channel's id.
    pub fn channel_id(&self) -> &QrChannelId {
        &self.id
    }

    /// True if the code names its host, which then is the phone's own.
    pub fn names_its_host(&self) -> bool {
        self.names_its_host
    }

    /// How the code came to the approver.
    pub fn source(&self) -> ScanSource {
        self.source
    }
}

fn bare(text: &str) -> Result<QrChannelId, ScanError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+/=$".contains(&byte);
    if text.is_empty() || text.len() > MAX_CHANNEL_ID_BYTES || !text.bytes().all(fits) {
        return Err(ScanError::NotACode);
    }
    Ok(QrChannelId::new(text))
}

/// The id in the query, or in the fragment, or as the last segment of the path.
fn from_url(text: &str, host: &Host) -> Result<QrChannelId, ScanError> {
    let web = ["http://", "https://"];
    let is_web =
        web.iter().any(|start| text.get(..start.len()).is_some_and(|t| t.eq_ignore_ascii_case(start)));
    if !is_web {
        return Err(ScanError::NotACode);
    }
    let rest = host.own_path(text).map_err(|NotOwn| ScanError::OtherHost)?;
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let fragment_query = fragment.split_once('?').map_or(fragment, |(_, query)| query);
    let id = parameter(query).or_else(|| parameter(fragment_query));
    let id = match id {
        Some(id) => id,
        None => {
            decoded(path.trim_end_matches('/').rsplit('/').next().unwrap_or("")).ok_or(ScanError::NotACode)?
        }
    };
    channel_id(&Value::String(crate::wire::Text::Unescaped(id))).ok_or(ScanError::NotACode)
}

fn parameter(query: &str) -> Option<Zeroizing<String>> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let pairs: Vec<(&str, &str)> = pairs.collect();
    ID_NAMES.iter().find_map(|wanted| {
        let (_, value) = pairs.iter().find(|(name, _)| name == wanted)?;
        decoded(value)
    })
}

fn decoded(value: &str) -> Option<Zeroizing<String>> {
    let text = percent_decode_str(value).decode_utf8().ok()?;
    Some(Zeroizing::new(text.into_owned()))
}

fn from_json(text: &str, host: &Host) -> Result<(QrChannelId, bool), ScanError> {
    let json = Json::read(text.as_bytes()).ok_or(ScanError::NotACode)?;
    if let Value::String(inner) = json.value() {
        return bare(inner.trim()).map(|id| (id, false));
    }
    let claims: Vec<&str> = HOST_NAMES.iter().filter_map(|name| json.field(name)?.as_str()).collect();
    for claim in &claims {
        let claim = claim.trim();
        let own = if claim.contains("://") {
            host.own_path(claim).is_ok()
        } else {
            // A name without a scheme.
            let scheme = if host.is_https() { "https://" } else { "http://" };
            host.own_path(&[scheme, claim].concat()).is_ok()
        };
        if !own {
            return Err(ScanError::OtherHost);
        }
    }
    let id = ID_NAMES.iter().find_map(|name| channel_id(json.field(name)?));
    Ok((id.ok_or(ScanError::NotACode)?, !claims.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0a4682f9-7e6c-49a7-b946-db58f28d8171";

    fn read(text: &[u8]) -> Result<ScannedCode, ScanError> {
        ScannedCode::read(text, &Host::parse("https://broker.example/base").unwrap(), ScanSource::Camera)
    }

    #[test]
    fn the_three_forms_are_read() {
        for text in [
            ID.to_owned(),
            format!("  {ID}\r\n"),
            format!("\u{feff}{ID}"),
            format!("https://broker.example/qr?id={ID}"),
            format!("HTTPS://BROKER.EXAMPLE:443/x?lang=de&channelId={ID}&x"),
            format!("https://broker.example/#id={ID}"),
            format!("https://broker.example/#/sign-in?uuid={ID}"),
            format!("https://broker.example/base/qr/{ID}/"),
            "https://broker.example/qr/0a4682f9%2d7e6c-49a7-b946-db58f28d8171".to_owned(),
            format!(r#"{{"id":"{ID}","host":"https://broker.example"}}"#),
            format!(r#"{{"channelId":"{ID}","host":"broker.example","ip":"192.0.2.1"}}"#),
            format!(r#"{{"data":{{"channel":"{ID}","url":"https:\/\/broker.example\/base"}}}}"#),
            format!("\"{ID}\""),
        ] {
            let scanned = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(scanned.channel_id().expose(), ID, "{text}");
        }
        assert_eq!(read(br#"{"id":41}"#).unwrap().channel_id().expose(), "41");
    }

    #[test]
    fn another_host_is_an_error_of_its_own() {
        for text in [
            "https://evil.example/qr?id=7",
            "http://broker.example/qr?id=7",
            "https://broker.example:8443/qr?id=7",
            "https://broker.example@evil.example/qr?id=7",
            r#"{"id":"7","host":"https://evil.example"}"#,
            r#"{"id":"7","host":"evil.example"}"#,
            r#"{"id":"7","host":"https://broker.example","url":"https://evil.example"}"#,
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), ScanError::OtherHost, "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        let long = "x".repeat(MAX_BYTES + 1);
        let long_id = "x".repeat(MAX_CHANNEL_ID_BYTES + 1);
        for text in [
            "",
            " ",
            "hello world",
            "otpauth://totp/x?id=7",
            "WIFI:S:net;P:x;;",
            "mailto:ann@example.com",
            "https://broker.example",
            "https://broker.example/",
            "https://broker.example/?id=",
            "{}",
            "[]",
            "{\"id\":",
            r#"{"id":""}"#,
            r#"{"id":{"a":1}}"#,
            "b2core://qr?id=7",
            &long,
            &long_id,
            "\u{1b}[31mx",
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), ScanError::NotACode, "{text}");
        }
        assert_eq!(read(b"\xff\xfe\x00").unwrap_err(), ScanError::NotACode);
    }

    #[test]
    fn the_id_is_a_secret_and_nothing_else_is_kept() {
        let scanned = read(br#"{"id":"hunter2","ip":"192.0.2.1","location":"Berlin"}"#).unwrap();
        let debug = format!("{scanned:?}");
        assert!(!debug.contains("hunter2") && !debug.contains("Berlin") && !debug.contains("192"), "{debug}");
    }
}
