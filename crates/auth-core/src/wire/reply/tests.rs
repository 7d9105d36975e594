use super::*;
use crate::secret::SecretBytes;

fn response(status: u16, body: &str, headers: &[(&str, &str)]) -> HttpResponse {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    HttpResponse { status, headers, body: SecretBytes::new(body.as_bytes().to_vec()) }
}

fn reply(response: &mut HttpResponse) -> Reply<'_> {
    read(response, "2026-01-01T00:00:00Z".parse().unwrap())
}

fn kind(status: u16, body: &str) -> String {
    match reply(&mut response(status, body, &[])) {
        Reply::Answer(_) => "answer".into(),
        Reply::Refused(r) => format!("refused {} {:?}", r.status, r.server_message().lines()),
        Reply::LockedOut(wait) => format!("locked {wait:?}"),
        Reply::Failed(error) => error.kind().into(),
    }
}

#[test]
fn refusals_are_read_in_every_dialect() {
    for (status, body, expected) in [
        (
            400,
            r#"{"error":{"code":0,"message":"Bad","details":[{"issue":"Wrong password","field":"password"}]}}"#,
            r#"refused 400 ["Wrong password", "Bad"]"#,
        ),
        (400, r#"{"error":{"code":0,"message":"Bad"}}"#, r#"refused 400 ["Bad"]"#),
        (422, r#"{"message":"Invalid","errors":{"code":["No"]}}"#, r#"refused 422 ["No", "Invalid"]"#),
        (401, "", "refused 401 []"),
        (400, "", "refused 400 []"),
        (401, "[]", "refused 401 []"),
        (400, r#"{"error":"bad"}"#, r#"refused 400 ["bad"]"#),
        (200, r#"{"status":401,"meta":{"behaviours":[],"status":401},"data":{}}"#, "refused 401 []"),
        (200, r#"{"code":422,"data":null,"done":false}"#, "refused 422 []"),
        (200, r#"{"error":{"code":0,"message":"No"}}"#, r#"refused 400 ["No"]"#),
        (200, r#"{"success":false,"message":"No"}"#, r#"refused 400 ["No"]"#),
        (200, r#"{"errors":{"code":["No"]}}"#, r#"refused 400 ["No"]"#),
        (200, r#"{"error":{},"errors":[]}"#, "answer"),
        (404, r#"{"error":{"code":0,"message":"No such uuid"}}"#, r#"refused 404 ["No such uuid"]"#),
    ] {
        assert_eq!(kind(status, body), expected, "{status} {body}");
    }
}

#[test]
fn what_is_not_b2core_is_told_apart() {
    for (status, body, expected) in [
        (200, "<html>Welcome to the hotel</html>", "not_b2core"),
        (200, "", "not_b2core"),
        (200, "OK", "not_b2core"),
        (200, "\"text\"", "not_b2core"),
        (200, "[1]", "not_b2core"),
        (204, "", "answer"),
        (200, "\u{feff} {}", "answer"),
        (401, "<html>Proxy sign-in</html>", "not_b2core"),
        (403, "<!DOCTYPE html>", "not_b2core"),
        (404, "", "refused 404 []"),
        (404, "<html>", "not_b2core"),
        (410, "<html>", "refused 410 []"),
        (415, r#"{"message":"Unsupported"}"#, "protocol"),
        (415, "{}", "not_b2core"),
        (405, "", "not_b2core"),
        (101, "", "not_b2core"),
        (302, "", "redirected"),
        (502, "<html>Bad gateway</html>", "host_failed"),
        (503, "", "host_failed"),
        (200, r#"{"status":503,"meta":{},"data":{}}"#, "host_failed"),
        (599, "{}", "host_failed"),
    ] {
        assert_eq!(kind(status, body), expected, "{status} {body}");
    }
}

#[test]
fn a_lock_out_is_known_by_status_header_or_the_vendors_words() {
    for (status, body) in [
        (429, ""),
        (429, "<html>"),
        (423, "{}"),
        (401, r#"{"error":{"code":0,"message":"Too many login attempts"}}"#),
        (200, r#"{"code":429}"#),
        (200, r#"{"code":"429"}"#),
        (400, r#"{"error":{"code":429}}"#),
        (400, r#"{"reason":"Too many login attempts","expireTime":"later"}"#),
        (400, r#"{"errors":["Too many login attempts"]}"#),
        (403, r#"{"error":{"code":0,"details":{"x":"Account locked, try again later"}}}"#),
        (200, r#"{"code":200,"workflow":"login","uuid":"u","data":{"message":"too_many_attempts"}}"#),
    ] {
        assert_eq!(kind(status, body), "locked None", "{status} {body}");
    }
    for status in [400, 401, 403, 422, 429] {
        match reply(&mut response(status, "{}", &[("Retry-After", "7")])) {
            Reply::LockedOut(wait) => assert_eq!(wait, Some(Duration::from_secs(7))),
            _ => panic!("{status}: not locked out"),
        }
    }
    match reply(&mut response(503, "", &[("Retry-After", "7")])) {
        Reply::Failed(CallError::HostFailed { retry_after, .. }) => {
            assert_eq!(retry_after, Some(Duration::from_secs(7)));
        }
        _ => panic!("a failing host is no lock-out"),
    }
}
