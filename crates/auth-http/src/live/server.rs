//! The requests: handshake, poll, post, and the upgrade to a websocket.

use super::{
    accept,
    end::End,
    progress::{Counted, Progress},
    socket::Socket,
    wire::{Outgoing, encode},
};
use crate::arrived;
use auth_core::{ports::ChannelSubscription, secret::SecretBuffer};
use bytes::Bytes;
use reqwest::{
    Client, RequestBuilder, Response, StatusCode, Url,
    header::{
        ACCEPT, CONNECTION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT,
        SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, SET_COOKIE, UPGRADE, USER_AGENT,
    },
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::time::timeout;
use zeroize::Zeroizing;

/// The largest polling answer and the largest message of a websocket, in bytes.
pub(super) const MAX_BYTES: usize = 128 * 1024;
/// The most that is sent back as cookies.
const MAX_COOKIES: usize = 4096;

/// How long one thing may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// A whole request.
    pub(super) total: Duration,
    /// A silence while an answer is read.
    pub(super) read: Duration,
}

/// The server as one connection reaches it.
pub(super) struct Server {
    client: Client,
    address: Url,
    headers: HeaderMap,
    patience: Patience,
    progress: Progress,
    /// Makes each address new, for caches in between.
    request: AtomicU64,
}

/// What an answer is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Of a handshake or of a packet that was sent: it has to come soon.
    Answer,
    /// Of a poll: it may take its time, and what comes is a sign of life.
    Poll,
}

/// The text of a polling answer.
pub(super) type Body = Zeroizing<String>;

impl Server {
    pub(super) fn new(
        client: Client,
        subscription: &ChannelSubscription,
        patience: Patience,
        progress: Progress,
    ) -> Result<Self, End> {
        let address: Url = subscription.url.parse().map_err(|_| End::UNUSABLE)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        if !subscription.user_agent.is_empty() {
            headers.insert(
                USER_AGENT,
                HeaderValue::from_str(&subscription.user_agent).map_err(|_| End::UNUSABLE)?,
            );
        }
        let request = AtomicU64::new(getrandom::u64().unwrap_or_default());
        Ok(Self { client, address, headers, patience, progress, request })
    }

    pub(super) fn patience(&self) -> Patience {
        self.patience
    }

    fn url(&self, transport: &str, sid: Option<&str>) -> Url {
        let mut url = self.address.clone();
        let mut query = url.query_pairs_mut();
        query.append_pair("EIO", "3").append_pair("transport", transport);
        if transport == "polling" {
            let number = self.request.fetch_add(1, Ordering::Relaxed);
            query.append_pair("t", &format!("{number:x}")).append_pair("b64", "1");
        }
        if let Some(sid) = sid {
            query.append_pair("sid", sid);
        }
        drop(query);
        url
    }

    /// Sends a request. What a kept connection has brought before that is no answer to it.
    async fn send(&self, request: RequestBuilder) -> Result<Response, End> {
        arrived::is_noticed().await.map_err(|_| End::BROKEN)?;
        Ok(request.send().await?)
    }

    fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url).headers(self.headers.clone())
    }

    /// Begins a connection by polling. Cookies of the answer go along from now on: several servers behind one address tell their
    /// clients apart by them.
    pub(super) async fn handshake(&mut self) -> Result<Body, End> {
        let request = self.get(self.url("polling", None));
        let (body, cookies) = timeout(self.patience.total, async {
            let response = timeout(self.patience.read, self.send(request)).await??;
            expect(&response, StatusCode::OK)?;
            let cookies = cookies(response.headers());
            Ok::<_, End>((self.read(response, Reading::Answer).await?, cookies))
        })
        .await??;
        if let Some(cookies) = cookies {
            self.headers.insert(COOKIE, cookies);
        }
        Ok(body)
    }

    /// Waits for packets. How long is a matter of the heartbeat.
    pub(super) async fn poll(&self, sid: &str) -> Result<Body, End> {
        let response = self.send(self.get(self.url("polling", Some(sid)))).await?;
        expect_of_session(&response)?;
        self.read(response, Reading::Poll).await
    }

    /// Sends a packet.
    pub(super) async fn post(&self, sid: &str, packet: &Outgoing) -> Result<(), End> {
        let body = Zeroizing::new(encode(packet.text()).into_bytes());
        let request = self
            .client
            .post(self.url("polling", Some(sid)))
            .headers(self.headers.clone())
            .header(CONTENT_TYPE, "text/plain;charset=UTF-8")
            .body(Bytes::from_owner(body));
        timeout(self.patience.total, async {
            let response = timeout(self.patience.read, self.send(request)).await??;
            expect_of_session(&response)?;
            let answer = self.read(response, Reading::Answer).await?;
            if answer.trim() == "ok" { Ok(()) } else { Err(End::PROTOCOL) }
        })
        .await?
    }

    /// Opens a websocket: of an existing connection, or of a new one.
    pub(super) async fn websocket(&self, sid: Option<&str>) -> Result<Socket, End> {
        let key = accept::key().ok_or(End::UNUSABLE)?;
        let request = self
            .get(self.url("websocket", sid))
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, &key);
        let patience = self.patience.read.min(self.patience.total);
        let response = timeout(patience, self.send(request)).await??;
        expect(&response, StatusCode::SWITCHING_PROTOCOLS)?;
        let headers = response.headers();
        let is_websocket =
            headers.get(UPGRADE).is_some_and(|name| name.as_bytes().eq_ignore_ascii_case(b"websocket"));
        let has_proof =
            headers.get(SEC_WEBSOCKET_ACCEPT).is_some_and(|proof| *proof == *accept::answer(&key));
        if !is_websocket || !has_proof {
            return Err(End::PROTOCOL);
        }
        let stream = timeout(patience, response.upgrade()).await??;
        Ok(Socket::new(Counted { stream, progress: self.progress.clone() }, patience))
    }

    async fn read(&self, mut response: Response, reading: Reading) -> Result<Body, End> {
        let announced = response.content_length().unwrap_or(0);
        if announced > MAX_BYTES as u64 {
            return Err(End::PROTOCOL);
        }
        let mut body = SecretBuffer::with_capacity(usize::try_from(announced).unwrap_or(0));
        loop {
            let chunk = match reading {
                Reading::Answer => timeout(self.patience.read, response.chunk()).await??,
                Reading::Poll => response.chunk().await?,
            };
            let Some(chunk) = chunk else { break };
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(End::PROTOCOL);
            }
            if reading == Reading::Poll {
                self.progress.add(chunk.len());
            }
            body.extend(&chunk);
        }
        Ok(Zeroizing::new(String::from_utf8_lossy(body.finish().expose()).into_owned()))
    }
}

/// Of a connection that there was: here no answer says that the address is wrong.
fn expect_of_session(response: &Response) -> Result<(), End> {
    expect(response, StatusCode::OK).map_err(|_| match response.status() {
        // What engine.io says of a connection that it knows no more.
        StatusCode::BAD_REQUEST => End::BROKEN,
        _ => End::PROTOCOL,
    })
}

fn expect(response: &Response, status: StatusCode) -> Result<(), End> {
    let seen = response.status();
    if seen == status {
        return Ok(());
    }
    tracing::debug!(status = seen.as_u16(), "an unexpected answer");
    Err(if seen == StatusCode::NOT_FOUND { End::NotFound } else { End::PROTOCOL })
}

/// The names and values of all cookies; their attributes are of no use for one address.
fn cookies(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut all = Vec::new();
    for cookie in headers.get_all(SET_COOKIE) {
        let pair = cookie.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if pair.contains(&b'=') && all.len() + pair.len() + 2 <= MAX_COOKIES {
            if !all.is_empty() {
                all.extend_from_slice(b"; ");
            }
            all.extend_from_slice(pair);
        }
    }
    let mut value = HeaderValue::from_bytes(&all).ok().filter(|value| !value.is_empty())?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(SET_COOKIE, HeaderValue::from_str(value).unwrap());
        }
        cookies(&headers).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn cookies_go_back_without_their_attributes() {
        assert_eq!(
            from(&["io=a1; Path=/; HttpOnly", "AWSALB=x=y; Secure"]),
            Some("io=a1; AWSALB=x=y".into())
        );
        assert_eq!(
            from(&["io=a1", "nothing", &format!("big={}", "a".repeat(MAX_COOKIES))]),
            Some("io=a1".into())
        );
        assert_eq!(from(&[]), None);
    }
}
