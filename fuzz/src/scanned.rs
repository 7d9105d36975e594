//! What a phone has scanned.

use auth_core::{
    Host,
    qr::{ScanError, ScanSource, ScannedCode},
};
use url::Url;

/// A code that is read is of the phone's own host; no other host gets in by a way of writing it, and nothing of the text is shown
/// but by the id's owner.
pub fn check(data: &[u8]) {
    let host = Host::parse("https://broker.example:8443/base").expect("a host");
    let read = ScannedCode::read(data, &host, ScanSource::Camera);
    assert_eq!(read.is_ok(), ScannedCode::read(data, &host, ScanSource::Link).is_ok());
    let code = match read {
        Ok(code) => code,
        Err(error) => {
            assert!(matches!(error, ScanError::NotACode | ScanError::OtherHost));
            return;
        }
    };
    assert!(data.len() <= 4096, "longer than any code");
    let id = code.channel_id().expose();
    assert!(!id.is_empty() && id.len() <= 4096, "{} bytes", id.len());
    let debug = format!("{code:?} {code:#?}");
    // A short id is in every text.
    assert!(id.len() < 16 || !debug.contains(id), "{debug}");
    let text = std::str::from_utf8(data).expect("a code is text");
    let text = text.trim_start_matches('\u{feff}').trim();
    // As a browser reads it, a link goes to the same place.
    if let Ok(url) = Url::parse(text)
        && matches!(url.scheme(), "http" | "https")
    {
        assert!(code.names_its_host(), "{text:?}");
        let at = (url.scheme(), url.host_str(), url.port_or_known_default());
        assert_eq!(at, ("https", Some("broker.example"), Some(8443)), "{text:?}");
    }
}
