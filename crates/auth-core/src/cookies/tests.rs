use super::*;
use crate::{
    CorrelationId, HttpMethod,
    secret::SecretBytes,
    wire::{Json, object},
};

const WIZARD: &str = "https://broker.example/base/api/v2/my/signin/wizard";

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn after(minutes: u64) -> Timestamp {
    now().checked_add(Duration::from_secs(minutes * 60)).unwrap()
}

fn answer(headers: &[(&str, &str)]) -> HttpResponse {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    HttpResponse { status: 200, headers, body: SecretBytes::new(Vec::new()) }
}

fn set(all: &[&str]) -> Cookies {
    let headers: Vec<_> = all.iter().map(|value| ("set-cookie", *value)).collect();
    Cookies::default().after(WIZARD, &answer(&headers), now())
}

fn sent(cookies: &Cookies, url: &str, at: Timestamp) -> String {
    let mut request = HttpRequest {
        method: HttpMethod::Get,
        url: url.to_owned(),
        path: "",
        headers: Vec::new(),
        body: None,
        correlation_id: CorrelationId::new("1".to_owned()),
    };
    cookies.put_on(&mut request, at);
    request.headers.first().map(|header| header.value.to_string()).unwrap_or_default()
}

#[test]
fn they_come_back_where_they_are_for() {
    let cookies = set(&[
        "AWSALB=p1nned; Expires=Thu, 08 Jan 2026 00:00:00 GMT; Path=/",
        "laravel_session=eyJpdiI6=; path=/base; httponly; samesite=lax",
        "own=1",
        "elsewhere=2; Path=/other",
        "safe=3; Path=/; Secure",
        "near=4; Path=/base/ap",
    ]);
    let at = |url| sent(&cookies, url, after(1));
    assert_eq!(
        at("https://broker.example/base/api/v2/my/signin/confirm"),
        "own=1; laravel_session=eyJpdiI6=; AWSALB=p1nned; safe=3"
    );
    assert_eq!(
        at("https://broker.example/base/api/v2/my/refresh?x=/other"),
        "laravel_session=eyJpdiI6=; AWSALB=p1nned; safe=3"
    );
    assert_eq!(at("http://broker.example/base"), "laravel_session=eyJpdiI6=; AWSALB=p1nned");
    assert_eq!(at("https://broker.example/baseline"), "AWSALB=p1nned; safe=3");
    assert_eq!(at("https://broker.example/other/x"), "elsewhere=2; AWSALB=p1nned; safe=3");
}

#[test]
fn they_end_by_our_clock_as_the_host_means() {
    let cookies = set(&["a=1; Max-Age=60; Expires=Thu, 08 Jan 2026 00:00:00 GMT", "b=2; Max-Age=0", "c=3"]);
    assert_eq!(sent(&cookies, WIZARD, now()), "a=1; c=3");
    assert_eq!(sent(&cookies, WIZARD, after(1)), "c=3");
    // The host's clock is ten minutes ahead.
    let dated = [
        ("Date", "Thu, 01 Jan 2026 00:10:00 GMT"),
        ("Set-Cookie", "d=4; Expires=Thu, 01 Jan 2026 00:12:00 GMT"),
    ];
    let cookies = cookies.after(WIZARD, &answer(&dated), now());
    assert_eq!(sent(&cookies, WIZARD, after(1)), "c=3; d=4");
    assert_eq!(sent(&cookies, WIZARD, after(2)), "c=3");
}

#[test]
fn the_host_replaces_them_and_takes_them_back() {
    let cookies = set(&["a=1; Path=/", "b=2; Path=/", "a=3; Path=/base"]);
    let next =
        [("Set-Cookie", "a=4; Path=/"), ("Set-Cookie", "b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")];
    let cookies = cookies.after(WIZARD, &answer(&next), after(1));
    assert_eq!(sent(&cookies, WIZARD, after(1)), "a=3; a=4");
    assert_eq!(sent(&cookies.after(WIZARD, &answer(&[]), after(2)), WIZARD, after(2)), "a=3; a=4");
}

#[test]
fn headers_that_a_client_has_joined_are_told_apart() {
    let cookies = set(&["a=1; Expires=Thu, 08 Jan 2026 00:00:00 GMT; Path=/, b=2; Path=/, c=x,y=z; Path=/"]);
    assert_eq!(sent(&cookies, WIZARD, after(1)), "a=1; b=2; c=x,y=z");
}

#[test]
fn what_another_host_would_get_is_not_kept() {
    let kept = |domain: &str, url: &str| {
        let header = format!("a=1; Domain={domain}");
        !Cookies::default().after(url, &answer(&[("Set-Cookie", &header)]), now()).is_empty()
    };
    for domain in ["broker.example", ".broker.example", "BROKER.example", "example"] {
        assert!(kept(domain, WIZARD), "{domain}");
    }
    for domain in ["other.example", "my.broker.example", "roker.example", "xbroker.example"] {
        assert!(!kept(domain, WIZARD), "{domain}");
    }
    assert!(kept("127.0.0.1", "http://127.0.0.1:8080/x") && !kept("0.0.1", "http://127.0.0.1:8080/x"));
    assert!(kept("[::1]", "http://[::1]:8080/x"));
}

#[test]
fn neither_their_number_nor_their_size_grows_without_end() {
    let many: Vec<String> = (0..100).map(|n| format!("n{n}={n}; Path=/")).collect();
    let cookies = set(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let text = sent(&cookies, WIZARD, now());
    assert_eq!(text.split("; ").count(), MAX_COOKIES);
    assert!(text.ends_with("n99=99"), "the newest stay");
    let large = format!("l={}", "x".repeat(5000));
    let cookies = set(&[&large.replace("l=", "k="), &large]);
    assert!(sent(&cookies, WIZARD, now()).starts_with("l=x"));
    assert!(set(&[&format!("l={}", "x".repeat(9000))]).is_empty());
}

#[test]
fn what_is_no_cookie_or_would_break_a_header_is_left_out() {
    for bad in ["", "=", "=x", "novalue", "a=\u{7}", "a=1\r\nHost: x", "a=ü"] {
        assert!(set(&[bad]).is_empty(), "{bad:?}");
    }
    assert_eq!(sent(&set(&["a=; Path=x; Max-Age=soon; Expires=never; ;;"]), WIZARD, after(1)), "a=");
}

#[test]
fn a_record_keeps_them_and_a_damaged_one_loses_only_them() {
    let cookies = set(&["a=1; Path=/; Secure; Max-Age=600", "b=\"2\""]);
    let bytes = object(64, |to| {
        to.put("v", 1_u32);
        cookies.put(to);
    });
    let back = Cookies::of_checkpoint(bytes.expose());
    assert_eq!(sent(&back, WIZARD, after(1)), "b=\"2\"; a=1");
    assert_eq!(sent(&back, &WIZARD.replace("https", "http"), after(1)), "b=\"2\"");
    assert_eq!(sent(&back, WIZARD, after(10)), "b=\"2\"");
    for damaged in [
        "{",
        "{}",
        r#"{"cookies":7}"#,
        r#"{"cookies":[7,{}]}"#,
        r#"{"cookies":[{"name":"a","value":"\r\n","path":"/"}]}"#,
    ] {
        assert!(Cookies::of_checkpoint(damaged.as_bytes()).is_empty(), "{damaged}");
    }
    assert!(Cookies::from_record(Json::null().value()).is_empty());
    assert_eq!(format!("{cookies:?}"), "Cookies(2)");
}

#[test]
fn a_header_of_many_cookies_is_no_more_work_than_its_length() {
    let joined = (0..20_000).map(|number| format!("c{number}=1")).collect::<Vec<_>>().join(", ");
    let (cookies, steps) = crate::work::of(|| set(&[&joined]));
    assert_eq!(cookies.0.len(), MAX_COOKIES);
    assert!(steps <= 20_000 * MAX_COOKIES, "{steps}");
    assert!(sent(&cookies, WIZARD, now()).ends_with("; c19998=1; c19999=1"));
}

#[test]
fn what_a_text_is_freed_of_is_bounded() {
    let long = format!("one={}", "1".repeat(MAX_BYTES));
    let values = |all: &[&str]| {
        let headers: Vec<_> = all.iter().map(|value| ("set-cookie", *value)).collect();
        values_set_by(&answer(&headers)).iter().map(|value| value.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(values(&[&long, "two=12345678"]), ["1".repeat(MAX_BYTES)]);
    assert_eq!(values(&[&format!("{long}1"), "two=12345678"]), ["12345678"]);
}
