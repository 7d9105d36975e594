//! The sandbox behind a recorder that knows every secret on the wire.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use auth_sandbox::Sandbox;
use serde_json::Value;

use crate::raw_host::{Answer, RawHost, Request};

/// Fields whose values are secrets, wherever they stand.
const SECRET_FIELDS: [&str; 7] =
    ["uuid", "password", "passwordConfirmation", "code", "token", "refreshToken", "recaptchaResponse"];

/// Passes everything on to a sandbox and remembers the secrets.
#[derive(Debug)]
pub struct Relay {
    host: RawHost,
    secrets: Arc<Mutex<BTreeSet<String>>>,
}

impl Relay {
    /// A relay in front of a sandbox.
    pub fn before(sandbox: &Sandbox) -> Self {
        let port = sandbox.port();
        let secrets = Arc::new(Mutex::new(BTreeSet::new()));
        let found = Arc::clone(&secrets);
        let host = RawHost::start(move |request| {
            let answer = pass_on(request, port).expect("the sandbox answers");
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            collect(&request.json(), &mut found);
            let body = answer.windows(4).position(|end| end == b"\r\n\r\n").map(|at| &answer[at + 4..]);
            collect(&serde_json::from_slice(body.unwrap_or_default()).unwrap_or_default(), &mut found);
            if let Some(token) =
                request.header("authorization").and_then(|value| value.strip_prefix("Bearer "))
            {
                found.insert(token.to_owned());
            }
            Answer::Bytes(answer)
        });
        Self { host, secrets }
    }

    /// The relay's address.
    pub fn url(&self) -> String {
        self.host.url()
    }

    /// All secrets that went over the wire.
    pub fn secrets(&self) -> BTreeSet<String> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Sends a request on to a server on this machine, and returns its whole answer as it came.
///
/// # Errors
/// If there is no server, or the connection breaks.
pub fn pass_on(request: &Request, port: u16) -> std::io::Result<Vec<u8>> {
    let mut upstream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.path);
    for line in request.headers.iter().filter(|line| !line.to_ascii_lowercase().starts_with("connection:")) {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head.push_str("Connection: close\r\n\r\n");
    upstream.write_all(head.as_bytes())?;
    upstream.write_all(&request.body)?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let (true, Some(text)) = (SECRET_FIELDS.contains(&name.as_str()), value.as_str()) {
                    found.insert(text.to_owned());
                }
                collect(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
