//! Trying a token on the sandbox's protected resource.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use auth_sandbox::Sandbox;

/// The status that the sandbox gives to a request with this access token: 200 if it is good.
pub fn status(sandbox: &Sandbox, token: &str) -> u16 {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, sandbox.port())).expect("the sandbox listens");
    let request = format!("GET /_sandbox/whoami HTTP/1.0\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the sandbox reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the sandbox answers");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("a status line: {answer}"))
}
