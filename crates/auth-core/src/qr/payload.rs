//! The text of a QR code, as a display writes it.

use super::PayloadForm;
use crate::{
    Host,
    secret::{QrChannelId, QrPayload},
    wire::object,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub(super) fn write(form: PayloadForm, host: &Host, id: &QrChannelId) -> QrPayload {
    let id = id.expose();
    QrPayload::new(match form {
        PayloadForm::Id => id.to_owned(),
        PayloadForm::Url => format!("{}?id={}", host.url("/qr"), utf8_percent_encode(id, NON_ALPHANUMERIC)),
        PayloadForm::Json => {
            let json = object(id.len() + 64, |to| {
                to.put("id", id);
                to.put("host", host.origin().as_str());
            });
            String::from_utf8_lossy(json.expose()).into_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::{ScanSource, ScannedCode};
    use super::*;

    #[test]
    fn what_a_display_writes_an_approver_reads() {
        let host = Host::parse("https://broker.example:8443/base").unwrap();
        for id in ["0a4682f9-7e6c-49a7-b946-db58f28d8171", "7", "a/b+c=.~_-"] {
            let id = QrChannelId::new(id);
            for form in [PayloadForm::Json, PayloadForm::Url, PayloadForm::Id] {
                let payload = write(form, &host, &id);
                let scanned = ScannedCode::read(payload.expose().as_bytes(), &host, ScanSource::Camera);
                let scanned = scanned.unwrap_or_else(|error| panic!("{form:?}: {error}"));
                assert_eq!(scanned.channel_id().expose(), id.expose(), "{form:?}");
                assert_eq!(scanned.names_its_host(), form != PayloadForm::Id);
            }
        }
        // An id of any characters needs a form that quotes it.
        let id = QrChannelId::new("ä \"&?#%\\");
        for form in [PayloadForm::Json, PayloadForm::Url] {
            let payload = write(form, &host, &id);
            let scanned = ScannedCode::read(payload.expose().as_bytes(), &host, ScanSource::Camera).unwrap();
            assert_eq!(scanned.channel_id().expose(), id.expose(), "{form:?}");
        }
    }
}
