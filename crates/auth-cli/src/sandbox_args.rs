//! The command line of `b2auth sandbox`.

use clap::Args;
use std::{net::SocketAddr, path::PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    pub(crate) listen: SocketAddr,

    /// Answer to this name too, beside localhost and addresses: no other is served where only this machine can reach the
    /// sandbox (repeat for more)
    #[arg(long = "host-name", value_name = "NAME")]
    pub(crate) host_names: Vec<String>,

    /// Let steering take a token, and write it into this file for you alone; without it a token is shown where --listen is
    /// for other machines too
    #[arg(long, value_name = "FILE")]
    pub(crate) steering_token_file: Option<PathBuf>,

    /// The users, from a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) users: Option<PathBuf>,

    /// Write the port number into this file once the sandbox listens, such as $XDG_RUNTIME_DIR/port
    #[arg(long, value_name = "F")]
    pub(crate) port_file: Option<PathBuf>,

    /// How this host speaks: a preset (reference, tutorial, laravel, legacy) and switches, such as
    /// tutorial,no_token=array,errors=laravel
    #[arg(long, value_name = "SPEC")]
    pub(crate) dialect: Option<auth_sandbox::Dialect>,

    /// Demand a reCAPTCHA response at sign-in
    #[arg(long)]
    pub(crate) recaptcha: bool,

    /// Serve below this path, such as /broker
    #[arg(long, value_name = "PATH")]
    pub(crate) base_path: Option<String>,

    /// Let something go wrong, such as sign_in:status=503,times=1 or refresh:drop=after (repeat for more)
    #[arg(long = "fault", value_name = "SPEC")]
    pub(crate) faults: Vec<auth_sandbox::Fault>,

    /// Run the sandbox's clock this many seconds ahead of this machine's, or behind it if negative
    #[arg(long, default_value = "0", value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) clock_offset: i64,

    /// Forgive a refresh token that is used again within so many seconds, instead of ending its session
    #[arg(long, default_value = "0", value_name = "SECONDS")]
    pub(crate) refresh_grace: u64,

    /// Let an access token live so many seconds
    #[arg(long, default_value = "900", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) access_lifetime: u64,

    /// Let a refresh token live so many seconds
    #[arg(long, default_value = "3600", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) refresh_lifetime: u64,

    /// Give each client so many accounts, which /api/v2/my/accounts lists for whoever sends an access token
    #[arg(long, default_value = "3", value_name = "N")]
    pub(crate) accounts: u16,

    /// Keep passwords that users set, authenticators, sessions and blocks over a restart, in this file for you alone
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Do not offer QR sign-in
    #[arg(long, conflicts_with_all = ["qr_lifetime", "qr_lifetime_form", "qr_location"])]
    pub(crate) no_qr: bool,

    /// Let a QR code live so many seconds
    #[arg(long, default_value = "120", value_name = "SECONDS")]
    pub(crate) qr_lifetime: u64,

    /// Write a QR code's lifetime in this form: number (of minutes), text, fraction, missing
    #[arg(long, default_value = "number", value_name = "FORM")]
    pub(crate) qr_lifetime_form: auth_sandbox::LifetimeForm,

    /// Tell this city as the place of a screen that shows a QR code
    #[arg(long, value_name = "CITY")]
    pub(crate) qr_location: Option<String>,

    /// Serve HTTPS with a root certificate made at the start
    #[arg(long, requires = "ca_out")]
    pub(crate) tls: bool,

    /// Put this name or address into the certificate, beside those of this machine (repeat for more)
    #[arg(long = "tls-name", requires = "tls", value_name = "NAME")]
    pub(crate) tls_names: Vec<String>,

    /// Take the certificate from the root in this file, made there at the first start for you alone, so that clients come to trust it
    /// once
    #[arg(long, requires = "tls", value_name = "FILE")]
    pub(crate) ca_key: Option<PathBuf>,

    /// Serve HTTPS with the certificate in this PEM file, followed by those that lead to its root
    #[arg(long, requires = "tls_key", conflicts_with = "tls", value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The key of that certificate, in a PEM file that nobody else can read
    #[arg(long, requires = "tls_cert", value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Write the root certificate into this file once the sandbox listens, for --ca-file
    #[arg(long, requires = "tls", value_name = "FILE")]
    pub(crate) ca_out: Option<PathBuf>,
}
