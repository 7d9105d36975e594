//! The others, each set up as its documents say and pointed at an endpoint on this machine.

use async_trait::async_trait;
use aws_smithy_runtime_api::client::{
    identity::{
        Identity, IdentityFuture, ResolveCachedIdentity, ResolveIdentity, SharedIdentityCache,
        SharedIdentityResolver,
    },
    runtime_components::{RuntimeComponents, RuntimeComponentsBuilder},
};
use aws_smithy_types::config_bag::ConfigBag;
use azure_core::{
    credentials::TokenCredential,
    http::{AsyncRawResponse, HttpClient, Request, Transport, headers::Headers},
};
use gcp_auth::TokenProvider;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::Arc,
    thread,
    time::{Duration, SystemTime},
};
use tokio::sync::RwLock;

/// Gives a token that is cached and fresh.
pub trait Peer: Sync {
    type Token: Send;

    fn token(&self) -> impl Future<Output = Self::Token> + Send;
}

fn body() -> String {
    let token = floor::sample::token(1, true);
    format!(
        r#"{{"access_token":"{token}","refresh_token":"r","token_type":"Bearer","expires_in":86400,"ext_expires_in":86400}}"#
    )
}

/// Answers every request with a token; gives its URL.
pub fn endpoint() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    url
}

fn serve(mut stream: TcpStream) {
    let (mut buffer, mut filled, body) = ([0; 16 * 1024], 0, body());
    while let Ok(n @ 1..) = stream.read(&mut buffer[filled..]) {
        filled += n;
        let text = String::from_utf8_lossy(&buffer[..filled]).to_lowercase();
        let Some((head, sent)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        if sent.len() < length.unwrap_or(0) {
            continue;
        }
        filled = 0;
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// It insists on https, so what carries its requests takes them to this machine.
#[derive(Debug)]
struct ToThisMachine(reqwest::Client, String);

#[async_trait]
impl HttpClient for ToThisMachine {
    async fn execute_request(&self, _: &Request) -> azure_core::Result<AsyncRawResponse> {
        let failed = |error| azure_core::Error::new(azure_core::error::ErrorKind::Io, error);
        let response =
            self.0.post(&self.1).body("grant_type=client_credentials").send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let mut headers = Headers::new();
        headers.insert("content-type", "application/json");
        let bytes = response.bytes().await.map_err(failed)?;
        Ok(AsyncRawResponse::from_bytes(status.into(), headers, bytes.to_vec()))
    }
}

pub struct Azure(Arc<azure_identity::ClientSecretCredential>);

impl Azure {
    pub fn new(url: &str) -> Self {
        let mut options = azure_identity::ClientSecretCredentialOptions::default();
        let carries = ToThisMachine(reqwest::Client::new(), url.to_owned());
        options.client_options.transport = Some(Transport::new(Arc::new(carries)));
        let (tenant, secret) = ("00000000-0000-0000-0000-000000000000", "secret".to_owned());
        let made = azure_identity::ClientSecretCredential::new(
            tenant,
            "client".into(),
            secret.into(),
            Some(options),
        );
        Self(made.expect("a credential"))
    }
}

impl Peer for Azure {
    type Token = azure_core::credentials::AccessToken;

    async fn token(&self) -> Self::Token {
        self.0.get_token(&["https://fake.example/.default"], None).await.expect("a token")
    }
}

pub struct Gcp(gcp_auth::CustomServiceAccount);

impl Gcp {
    pub fn new(url: &str) -> Self {
        let args = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
        let key = Command::new("openssl").args(args).output().expect("openssl makes a throw-away key");
        let account = serde_json::json!({
            "type": "service_account", "project_id": "p", "private_key_id": "k",
            "private_key": String::from_utf8(key.stdout).expect("PEM"), "client_email": "a@b.example",
            "client_id": "1", "auth_uri": url, "token_uri": url, "auth_provider_x509_cert_url": url,
            "client_x509_cert_url": url,
        });
        Self(gcp_auth::CustomServiceAccount::from_json(&account.to_string()).expect("an account"))
    }
}

impl Peer for Gcp {
    type Token = Arc<gcp_auth::Token>;

    async fn token(&self) -> Self::Token {
        self.0.token(&["https://fake.example/scope"]).await.expect("a token")
    }
}

pub struct Google(google_cloud_auth::credentials::AccessTokenCredentials);

impl Google {
    pub fn new(url: &str) -> Self {
        let user = serde_json::json!({
            "type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r",
        });
        let builder = google_cloud_auth::credentials::user_account::Builder::new(user).with_token_uri(url);
        Self(builder.build_access_token_credentials().expect("credentials"))
    }
}

impl Peer for Google {
    type Token = google_cloud_auth::credentials::AccessToken;

    async fn token(&self) -> Self::Token {
        self.0.access_token().await.expect("a token")
    }
}

#[derive(Debug)]
struct Resolver(reqwest::Client, String);

impl ResolveIdentity for Resolver {
    fn resolve_identity<'a>(&'a self, _: &'a RuntimeComponents, _: &'a ConfigBag) -> IdentityFuture<'a> {
        IdentityFuture::new(async move {
            let answer: serde_json::Value = self.0.post(&self.1).send().await?.json().await?;
            let token = answer["access_token"].as_str().unwrap_or_default().to_owned();
            let ends = SystemTime::now() + Duration::from_secs(86_400);
            Ok(Identity::new(aws_credential_types::Token::new(token, Some(ends)), Some(ends)))
        })
    }
}

pub struct Aws {
    cache: SharedIdentityCache,
    resolver: SharedIdentityResolver,
    components: RuntimeComponents,
    settings: ConfigBag,
}

impl Aws {
    pub fn new(url: &str) -> Self {
        let components = RuntimeComponentsBuilder::for_tests()
            .with_time_source(Some(aws_smithy_async::time::SystemTimeSource::new()))
            .with_sleep_impl(Some(aws_smithy_async::rt::sleep::TokioSleep::new()))
            .build();
        Self {
            cache: aws_smithy_runtime::client::identity::IdentityCache::lazy().build(),
            resolver: SharedIdentityResolver::new(Resolver(reqwest::Client::new(), url.to_owned())),
            components: components.expect("components"),
            settings: ConfigBag::base(),
        }
    }
}

impl Peer for Aws {
    type Token = Identity;

    async fn token(&self) -> Identity {
        let resolver = self.resolver.clone();
        self.cache
            .resolve_cached_identity(resolver, &self.components, &self.settings)
            .await
            .expect("an identity")
    }
}

type OAuth2Client = oauth2::basic::BasicClient<
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointSet,
>;

/// The crate keeps no tokens: this is what is usually put around it.
pub struct OAuth2 {
    client: OAuth2Client,
    http: oauth2::reqwest::Client,
    kept: RwLock<Option<(Arc<str>, SystemTime)>>,
}

impl OAuth2 {
    pub fn new(url: &str) -> Self {
        let url = oauth2::TokenUrl::new(url.to_owned()).expect("a URL");
        let client =
            oauth2::basic::BasicClient::new(oauth2::ClientId::new("c".to_owned())).set_token_uri(url);
        Self { client, http: oauth2::reqwest::Client::new(), kept: RwLock::default() }
    }
}

impl Peer for OAuth2 {
    type Token = Arc<str>;

    async fn token(&self) -> Arc<str> {
        use oauth2::TokenResponse;
        let fresh = |until: &SystemTime| *until > SystemTime::now() + Duration::from_secs(60);
        if let Some((token, until)) = &*self.kept.read().await
            && fresh(until)
        {
            return token.clone();
        }
        let mut kept = self.kept.write().await;
        if let Some((token, until)) = &*kept
            && fresh(until)
        {
            return token.clone();
        }
        let refresh = oauth2::RefreshToken::new("r".to_owned());
        let answer =
            self.client.exchange_refresh_token(&refresh).request_async(&self.http).await.expect("a token");
        let token: Arc<str> = answer.access_token().secret().as_str().into();
        let until = SystemTime::now() + answer.expires_in().expect("a life");
        *kept = Some((token.clone(), until));
        token
    }
}
