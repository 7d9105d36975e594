//! The client of the library for each kind of place. Nothing is connected here before `connect`.

use super::{
    options::RedisOptions,
    redis_url::{Address, Credentials, RedisUrl, Servers},
};
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ErrorKind, IntoConnectionInfo, RedisConnectionInfo,
    RedisError, RedisResult, TlsCertificates, TlsMode,
    aio::MultiplexedConnection,
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
    sentinel::{SentinelClientBuilder, SentinelServerType},
};
use secrecy::ExposeSecret;
use std::{panic::catch_unwind, sync::OnceLock};

/// A connection to a server, or to all of a cluster.
#[derive(Clone)]
pub(super) enum Connection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

/// A command of a cluster is tried so often on its nodes, within the time limit of all.
const CLUSTER_RETRIES: u32 = 16;

/// Connects anew. Behind Sentinel the master is asked for each time.
pub(super) async fn connect(url: &RedisUrl, options: &RedisOptions) -> RedisResult<Connection> {
    if url.tls {
        check_tls()?;
    }
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(options.timeout))
        .set_response_timeout(Some(options.timeout));
    let one = match &url.servers {
        Servers::One(address) => {
            let info = at(url, address).into_connection_info()?.set_redis_settings(settings(url));
            client(url, options, info)?.get_multiplexed_async_connection_with_config(&config).await?
        }
        Servers::Socket(path) => {
            let info = ConnectionAddr::Unix(path.clone()).into_connection_info()?;
            let client = Client::open(info.set_redis_settings(settings(url)))?;
            client.get_multiplexed_async_connection_with_config(&config).await?
        }
        Servers::Sentinel { sentinels, master } => {
            let mut client = by_sentinel(url, options, sentinels, master)?.build()?;
            client.get_async_connection_with_config(&config).await?
        }
        Servers::Cluster(nodes) => {
            return cluster(url, options, nodes)?.get_async_connection().await.map(Connection::Cluster);
        }
    };
    Ok(Connection::One(one))
}

fn at(url: &RedisUrl, Address { host, port }: &Address) -> ConnectionAddr {
    let (host, port) = (host.clone(), *port);
    if url.tls {
        ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
    } else {
        ConnectionAddr::Tcp(host, port)
    }
}

fn settings(url: &RedisUrl) -> RedisConnectionInfo {
    // What a server is not told of its clients takes no right to tell it.
    let settings = RedisConnectionInfo::default().set_db(url.db).set_skip_set_lib_name();
    let Some(Credentials { user, password }) = &url.login else { return settings };
    let settings = settings.set_password(password.expose_secret());
    match user {
        Some(user) => settings.set_username(user.expose_secret()),
        None => settings,
    }
}

fn roots(options: &RedisOptions) -> Option<TlsCertificates> {
    let root_cert = options.tls_roots.clone()?;
    Some(TlsCertificates { client_tls: None, root_cert: Some(root_cert) })
}

fn client(url: &RedisUrl, options: &RedisOptions, info: redis::ConnectionInfo) -> RedisResult<Client> {
    match roots(options) {
        Some(roots) if url.tls => Client::build_with_tls(info, roots),
        _ => Client::open(info),
    }
}

fn by_sentinel(
    url: &RedisUrl,
    options: &RedisOptions,
    sentinels: &[Address],
    master: &str,
) -> RedisResult<SentinelClientBuilder> {
    let addresses: Vec<_> = sentinels.iter().map(|address| at(url, address)).collect();
    let mut builder = SentinelClientBuilder::new(addresses, master, SentinelServerType::Master)?
        .set_client_to_redis_db(url.db);
    if let Some(Credentials { user, password }) = &url.login {
        builder = builder.set_client_to_redis_password(password.expose_secret());
        if let Some(user) = user {
            builder = builder.set_client_to_redis_username(user.expose_secret());
        }
    }
    if let Some(Credentials { user, password }) = &options.sentinel_login {
        builder = builder.set_client_to_sentinel_password(password.expose_secret());
        if let Some(user) = user {
            builder = builder.set_client_to_sentinel_username(user.expose_secret());
        }
    }
    if url.tls {
        builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
        if let Some(roots) = roots(options) {
            builder = builder
                .set_client_to_redis_certificates(roots.clone())
                .set_client_to_sentinel_certificates(roots);
        }
    }
    Ok(builder)
}

fn cluster(url: &RedisUrl, options: &RedisOptions, nodes: &[Address]) -> RedisResult<ClusterClient> {
    let nodes = nodes.iter().map(|node| at(url, node).into_connection_info());
    let mut builder = ClusterClient::builder(nodes.collect::<RedisResult<Vec<_>>>()?)
        .retries(CLUSTER_RETRIES)
        .connection_timeout(options.timeout)
        .response_timeout(options.timeout)
        .overall_response_timeout(Some(options.timeout));
    if let Some(Credentials { user, password }) = &url.login {
        builder = builder.password(password.expose_secret());
        if let Some(user) = user {
            builder = builder.username(user.expose_secret());
        }
    }
    if url.tls {
        builder = builder.tls(TlsMode::Secure);
        if let Some(roots) = roots(options) {
            builder = builder.certs(roots);
        }
    }
    builder.build()
}

/// The library takes rustls' provider of the process, and panics where the program has none, or several and has not chosen.
fn check_tls() -> RedisResult<()> {
    static HAS_PROVIDER: OnceLock<bool> = OnceLock::new();
    let has_one = rustls::crypto::CryptoProvider::get_default().is_some()
        || *HAS_PROVIDER.get_or_init(|| catch_unwind(rustls::ClientConfig::builder).is_ok());
    if has_one { Ok(()) } else { Err(RedisError::from((ErrorKind::InvalidClientConfig, NO_PROVIDER))) }
}

pub(super) const NO_PROVIDER: &str =
    "TLS needs a crypto provider of rustls: install one as the default of the process";
