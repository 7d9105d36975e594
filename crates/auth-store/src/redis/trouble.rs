//! What Redis's errors mean. None of them is "no record".

use super::target::NO_PROVIDER;
use auth_core::ports::StoreError;
use redis::{ErrorKind, RedisError, ServerErrorKind};
use std::{error::Error, fmt};

pub(super) const TIMED_OUT: &str = "Redis did not answer in time: see whether it is up and can be reached";

/// Redis's own words for a failure. Those that could repeat what it was sent are left out.
#[derive(Debug)]
struct RedisFailure(String);

impl fmt::Display for RedisFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for RedisFailure {}

/// True if the server is no master, or not yet: nothing was written there.
pub(super) fn is_other_master(error: &RedisError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Server(
            ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown | ServerErrorKind::BusyLoading
        ) | ErrorKind::MasterNameNotFoundBySentinel
    )
}

/// True if a key of ours has content of another type.
fn is_foreign(error: &RedisError) -> bool {
    error.code() == Some("WRONGTYPE")
}

pub(super) fn store_error(error: &RedisError) -> StoreError {
    if is_foreign(error) {
        return StoreError::failed()
            .because(RedisFailure("a key of the store is of another program".to_owned()));
    }
    let said = RedisFailure(words(error));
    StoreError::unavailable(what(error)).because(said)
}

/// What is the matter, and what to do.
fn what(error: &RedisError) -> &'static str {
    match error.code() {
        Some("NOAUTH") => return "Redis wants a login: put user and password into the URL",
        Some("WRONGPASS") => return REFUSED_LOGIN,
        Some("NOPERM") => {
            return "Redis's ACL does not allow it: give the user the rights that the documentation lists";
        }
        Some("OOM") => return "Redis has no memory left: raise maxmemory, or let something go",
        Some("MISCONF") => return "Redis cannot write to its disk: see its log",
        Some("NOREPLICAS") => return "too few replicas are linked to Redis: see min-replicas-to-write",
        Some("LOADING") => return "Redis is loading its data: wait",
        Some("READONLY") => return "this Redis is a replica: name the master, its Sentinels, or the cluster",
        Some("CLUSTERDOWN") => return "the Redis cluster is down: see CLUSTER INFO",
        Some("MASTERDOWN") => return "Redis has lost its master",
        Some("CROSSSLOT" | "MOVED" | "ASK") => {
            return "this Redis is part of a cluster: write redis+cluster://";
        }
        Some("BUSY") => return "Redis is busy with a script",
        _ => {}
    }
    match error.kind() {
        ErrorKind::AuthenticationFailed => REFUSED_LOGIN,
        ErrorKind::MasterNameNotFoundBySentinel => "the Sentinels know no master of this name that is up",
        ErrorKind::ClusterConnectionNotFound => "no node of the Redis cluster can be reached",
        ErrorKind::InvalidClientConfig if error.to_string().contains(NO_PROVIDER) => NO_PROVIDER,
        _ if error.is_timeout() => TIMED_OUT,
        ErrorKind::Io => {
            "Redis cannot be reached: see whether it is up, and the host, port and TLS of the URL"
        }
        _ => "Redis did not do what it was asked: see its log",
    }
}

const REFUSED_LOGIN: &str = "Redis refused the login: see user and password of the URL";

/// The kind, and the details where they are about the server's state or the system's.
fn words(error: &RedisError) -> String {
    let detail = match error.code() {
        Some("NOPERM" | "OOM" | "MISCONF" | "NOREPLICAS" | "CLUSTERDOWN" | "LOADING" | "READONLY") => {
            error.detail()
        }
        _ => None,
    };
    match (error.code(), detail) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        (Some(code), None) => code.to_owned(),
        (None, _) if error.is_io_error() => error.to_string(),
        (None, _) => error.category().to_owned(),
    }
}
