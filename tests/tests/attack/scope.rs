//! Addresses that look like the session's own and are read as another's: its token must not go there.

use super::campaign::Campaign;
use auth_client::reqwest::{Method, Request, Url, header::AUTHORIZATION};
use auth_client::secret::Password;
use auth_client::{AuthClient, AuthorizeError, Credentials, Office, Session, SignInStep};
use e2e::past::block_on;
use e2e::raw_host::{RawHost, Request as Received, signed_in, wizard};
use fastrand::Rng;

/// The addresses of a round, of each kind.
const ADDRESSES: usize = 50;

/// Signed in at a host with tenants, as a user of the first one.
fn session(host: &RawHost) -> Session {
    let client = AuthClient::builder(format!("{}/tenantA", host.url())).build().expect("a client");
    block_on(async move {
        let sign_in = client.sign_in(Office::Front);
        let SignInStep::Start(start) = sign_in.current() else { panic!("no start") };
        let SignInStep::Credentials(form) = start.open().await.expect("a wizard") else { panic!("no form") };
        let login = Credentials::new("ann@example.com", Password::new("Secret123"));
        let SignInStep::SignedIn(session) = form.submit(login).await.expect("accepted") else {
            panic!("not signed in")
        };
        session
    })
}

fn host() -> RawHost {
    RawHost::start(|request: &Received| match request.path.ends_with("/wizard") {
        true => wizard(),
        false => signed_in("access.of.ann", "refresh-of-ann"),
    })
}

fn pick<'a>(rng: &mut Rng, all: &[&'a str]) -> &'a str {
    all[rng.usize(..all.len())]
}

fn escaped_again(rng: &mut Rng, text: &str) -> String {
    let mut text = text.to_owned();
    while rng.u8(..4) == 0 {
        text = text.replace('%', "%25");
    }
    text
}

fn dot(rng: &mut Rng) -> String {
    let plain =
        [".", "%2e", "%2E", "%c0%ae", "%e0%80%ae", "%u002e", "%U002E", "\u{ff0e}", "%ef%bc%8e", "\u{2024}"];
    let one = pick(rng, &plain);
    escaped_again(rng, one)
}

fn slash(rng: &mut Rng) -> String {
    let plain = ["/", "/", "%2f", "%2F", "\\", "%5c", "%c0%af", "%u002f", "%ef%bc%8f", "\u{ff3c}"];
    let one = pick(rng, &plain);
    escaped_again(rng, one)
}

/// A way up, as some host could read it.
fn up(rng: &mut Rng) -> String {
    let behind = ["", "", "", ";", ";v=1", "%3b", "%3Bx", "%20", "%00", "%09"];
    let (one, two, behind) = (dot(rng), dot(rng), pick(rng, &behind));
    format!("{one}{two}{behind}")
}

/// An address outside of the tenant's, or one that could be read as such.
fn outside(rng: &mut Rng, host: &RawHost) -> String {
    let own = host.url();
    let port = own.rsplit(':').next().expect("it has a port");
    match rng.u8(..4) {
        0 => {
            let segments = rng.usize(..3);
            let mut path = "/tenantA/".to_owned();
            (0..segments).for_each(|n| path += &format!("x{n}{}", slash(rng)));
            (0..=segments).for_each(|_| path += &format!("{}{}", up(rng), slash(rng)));
            format!("{own}{path}tenantB/orders")
        }
        1 => {
            let others = [
                "/tenantB",
                "/tenanta",
                "/TENANTA/x",
                "/tenantAB",
                "/tenantA;x/y",
                "/tenantA%2f..",
                "//tenantA/x",
            ];
            let more = ["/", "", "/%74enantA/x", "/tenantA\u{ff0f}x", "/tenantA%00/x", "/x/tenantA"];
            let path = if rng.bool() { pick(rng, &others) } else { pick(rng, &more) };
            format!("{own}{path}")
        }
        2 => {
            let names = [
                "127.0.0.1.evil.example",
                "127.0.0.2",
                "localhost",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "127.0.0.1@evil.example",
                "127.0.0.1%40evil.example",
                "127.0.0.1%2eevil.example",
                "evil.example\\@127.0.0.1",
                "127.0.0.1evil.example",
            ];
            let name = pick(rng, &names);
            format!("http://{name}:{port}/tenantA/x")
        }
        _ => {
            let (scheme, other) = (pick(rng, &["https", "ftp", "HTTPS", "wss"]), rng.u16(1024..));
            match rng.bool() {
                true => format!("{scheme}://127.0.0.1:{port}/tenantA/x"),
                false if other.to_string() != port => format!("http://127.0.0.1:{other}/tenantA/x"),
                false => "http://127.0.0.1/tenantA/x".to_owned(),
            }
        }
    }
}

/// Another spelling of an address of the tenant's.
fn inside(rng: &mut Rng, host: &RawHost) -> String {
    let own = host.url();
    let paths = [
        "",
        "/",
        "/x",
        "//x",
        "/x;v=1",
        "/%20",
        "/..x/...",
        "/caf%C3%A9",
        "/100%25",
        "/x?../..",
        "/x#/../..",
    ];
    let start = pick(rng, &["", "ann:s3cret@", "%2e%2e@"]);
    let (scheme, place) = own.split_once("://").expect("a URL");
    let scheme = if rng.bool() { scheme.to_uppercase() } else { scheme.to_owned() };
    let path = pick(rng, &paths);
    format!("{scheme}://{start}{place}/tenantA{path}")
}

/// As the client sends it, the address is below the tenant's, and nothing in it could be read as a dot any more.
fn is_plainly_inside(url: &Url, host: &RawHost) -> bool {
    let rest = url.as_str().strip_prefix(&format!("{}/tenantA/", host.url()));
    // The ends of all spellings of a dot.
    rest.is_some_and(|rest| {
        ![".", "2e", "ae", "8e", "a4"].iter().any(|dot| rest.to_ascii_lowercase().contains(dot))
    })
}

#[test]
fn no_spelling_of_an_address_gets_the_token_of_another_tenant() {
    let host = host();
    let session = session(&host);
    let asked = |url: &Url| {
        let mut request = Request::new(Method::GET, url.clone());
        let authorized = block_on(session.authorize(&mut request));
        (authorized, request.headers().contains_key(AUTHORIZATION))
    };
    for (seed, mut rng) in Campaign::of("an address of another's", 20).rounds() {
        for _ in 0..ADDRESSES {
            // What no HTTP client would send needs no answer, and neither does what it makes an address of the tenant's again.
            let text = outside(&mut rng, &host);
            if let Ok(url) = Url::parse(&text)
                && !is_plainly_inside(&url, &host)
            {
                let (authorized, has_token) = asked(&url);
                assert!(matches!(authorized, Err(AuthorizeError::OtherHost)), "{text}; seed {seed}");
                assert!(!has_token, "{text}; seed {seed}");
            }
            let text = inside(&mut rng, &host);
            let (authorized, has_token) = asked(&Url::parse(&text).expect("a URL"));
            assert!(authorized.is_ok() && has_token, "{text}; seed {seed}");
        }
    }
}
