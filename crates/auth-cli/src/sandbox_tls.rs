//! The certificates of `b2auth sandbox` that come from files.

use crate::{failure::Failure, own_file::Kind, sandbox_args::Sandbox as Args, secret_file};
use auth_client::ports::reason;
use auth_sandbox::{Builder, CertificateAuthority};
use std::{fs, path::Path, time::Duration};

/// Nothing that lies there is written over: a root that is gone would have to be trusted anew by everybody.
const CA_KEY: Kind = Kind { option: "--ca-key", mode: 0o600, is_ours: |_| false };

/// How long a key is waited for that comes through a pipe.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sandbox with the root that is kept, or with the certificate that was given.
///
/// # Errors
/// A file cannot be read or made, others can read a key, or what is in it cannot be used.
pub(crate) fn configured(mut builder: Builder, args: &Args) -> Result<Builder, Failure> {
    if let Some(file) = &args.ca_key {
        builder = builder.certificate_authority(kept_root(file)?);
    }
    if let (Some(chain), Some(key)) = (&args.tls_cert, &args.tls_key) {
        let text = fs::read_to_string(chain);
        let text = text.map_err(|error| unusable("--tls-cert", chain, &reason(&error)))?;
        let key = secret_file::read("--tls-key", key, PATIENCE)?;
        builder = builder.tls_certificate(&text, &key);
    }
    Ok(builder)
}

/// The root in this file; a new one is put there if there is none.
fn kept_root(file: &Path) -> Result<CertificateAuthority, Failure> {
    let is_new = fs::metadata(file).map_or(true, |found| found.len() == 0);
    if is_new {
        let made = CertificateAuthority::generate();
        let made = made.map_err(|error| Failure::other("sandbox", error.to_string()))?;
        CA_KEY.put(file, made.to_pem().as_bytes())?;
        return Ok(made);
    }
    let text = secret_file::read("--ca-key", file, PATIENCE)?;
    CertificateAuthority::from_pem(&text).map_err(|error| unusable("--ca-key", file, &error.to_string()))
}

fn unusable(option: &str, file: &Path, why: &str) -> Failure {
    Failure::usage(format!("{option} {}: {why}", file.display()))
}
