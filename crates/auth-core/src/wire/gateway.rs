//! Answers of what stands in front of a host: protection against bots, a proxy, the portal of a network.
//!
//! Only what cannot be an answer of B2Core is taken for one: a status that no host sends, a header by which a vendor says that it
//! has stepped in, or a page that carries a vendor's mark where B2Core sends JSON.

use crate::{Gateway, HttpResponse};

/// Headers that are there only if the vendor has stepped in.
const STEPPED_IN: [&str; 4] = ["cf-mitigated", "x-amzn-waf-action", "x-sucuri-block", "x-dd-b"];

/// Headers that the vendors put on every answer that passes them.
const MARKS: [&str; 11] = [
    "cf-ray",
    "x-iinfo",
    "x-sucuri-id",
    "x-datadome",
    "x-datadome-cid",
    "x-amz-cf-id",
    "x-akamai-request-id",
    "x-px-block",
    "x-distil-cs",
    "x-qrator-requestid",
    "x-azure-ref",
];

/// Headers in which a vendor writes its name.
const NAMING: [&str; 3] = ["Server", "X-CDN", "Via"];

/// The names, in lower case.
const NAMES: [&str; 9] = [
    "cloudflare",
    "akamai",
    "imperva",
    "incapsula",
    "sucuri",
    "ddos-guard",
    "qrator",
    "cloudfront",
    "awselb",
];

/// Which gateway this answer comes from, if it is certain that it does not come from the host.
pub(super) fn gateway(response: &HttpResponse) -> Option<Gateway> {
    let has = |name: &&str| response.header(name).is_some();
    match response.status {
        407 => Some(Gateway::Proxy),
        511 => Some(Gateway::Portal),
        403 | 405 | 406 | 429 | 503 | 202 if STEPPED_IN.iter().any(has) => Some(Gateway::Protection),
        403 | 406 | 451 if is_page(response) && (MARKS.iter().any(has) || is_named(response)) => {
            Some(Gateway::Protection)
        }
        _ => None,
    }
}

/// True for the headers by which a gateway is known.
pub(crate) fn marks_a_gateway(name: &str) -> bool {
    STEPPED_IN.iter().chain(&MARKS).chain(&NAMING).any(|mark| mark.eq_ignore_ascii_case(name))
}

fn is_page(response: &HttpResponse) -> bool {
    response.body.expose().trim_ascii().starts_with(b"<")
}

fn is_named(response: &HttpResponse) -> bool {
    NAMING.iter().filter_map(|name| response.header(name)).any(|value| {
        let value = value.to_ascii_lowercase();
        NAMES.iter().any(|name| value.contains(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretBytes;

    fn from(status: u16, headers: &[(&str, &str)], body: &str) -> Option<Gateway> {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        gateway(&HttpResponse { status, headers, body: SecretBytes::new(body.as_bytes().to_vec()) })
    }

    const PAGE: &str = "<!DOCTYPE html><title>Just a moment...</title>";
    const REFUSAL: &str = r#"{"error":{"code":0,"message":"Sign-in failed"}}"#;

    #[test]
    fn protection_is_known_by_its_headers() {
        for (status, header) in [
            (403, ("cf-mitigated", "challenge")),
            (429, ("CF-Mitigated", "challenge")),
            (503, ("cf-mitigated", "challenge")),
            (405, ("x-amzn-waf-action", "captcha")),
            (202, ("x-amzn-waf-action", "challenge")),
            (403, ("X-Sucuri-Block", "EXPVP16")),
            (403, ("x-dd-b", "1")),
            (403, ("Server", "cloudflare")),
            (403, ("Server", "AkamaiGHost")),
            (403, ("X-Iinfo", "9-1-0")),
            (403, ("X-CDN", "Imperva")),
            (403, ("Via", "1.1 abc.cloudfront.net (CloudFront)")),
            (403, ("X-DataDome", "protected")),
            (451, ("CF-Ray", "8c")),
        ] {
            assert_eq!(from(status, &[header], PAGE), Some(Gateway::Protection), "{status} {header:?}");
        }
        assert_eq!(from(407, &[], ""), Some(Gateway::Proxy));
        assert_eq!(from(511, &[], PAGE), Some(Gateway::Portal));
    }

    #[test]
    fn the_hosts_own_answers_pass_through_the_same_vendors() {
        let mark = ("Server", "cloudflare");
        for (status, body) in [(403, REFUSAL), (400, REFUSAL), (401, REFUSAL), (200, "{}"), (403, "")] {
            assert_eq!(from(status, &[mark, ("CF-Ray", "8c")], body), None, "{status} {body}");
        }
        // Any host may have such a page, and a broken one often has.
        for (status, headers) in
            [(403, &[][..]), (502, &[mark]), (503, &[mark]), (404, &[mark]), (429, &[mark])]
        {
            assert_eq!(from(status, headers, PAGE), None, "{status} {headers:?}");
        }
    }
}
