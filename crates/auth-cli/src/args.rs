//! The command line.

use crate::{
    code_command::CodeCommand,
    limits::{LimitsSpec, RefreshLimit},
    pins::{PinExpiry, pin},
    qr_args::Qr,
    sandbox_args::Sandbox,
    store_args::Store,
    store_spec::StoreSpec,
    values::{LogFormat, Named, file, log_format, office, profile, seconds},
};
use auth_client::{Office, Pin, Profile, TwoFactorMethod};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::{ffi::OsString, path::PathBuf, time::Duration};

// The headings of the help.
const CONNECTION: &str = "Connection";
const STORAGE: &str = "Storage";
const SECRETS: &str = "Secrets";
const OUTPUT: &str = "Input and output";

const EXIT_CODES: &str = "\
Exit codes:
   0  done
   2  usage
   3  not signed in, session ended, or nothing to resume
   4  refused: credentials, code or validation; a QR code that was declined or cannot be used
   5  locked out (the wait is printed)
   6  network, timeout or TLS
   7  the host answered something that is not B2Core, a redirect, or 5xx
   8  store (wrong key too)
   9  standard output cannot be written (what was done stays done; a closed pipe is no error)
  10  more input needed: go on with `b2auth signin --resume`
   1  anything else
 130  interrupted
 run  once the command runs, its own; 127 if it is not found, 126 if it cannot be run";

/// Sign in to a B2Core host, and hold, give and revoke its tokens.
#[derive(Debug, Parser)]
#[command(name = "b2auth", version, after_help = EXIT_CODES, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes, before or after its name.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The host, such as https://broker.example (plain http for this machine only)
    #[arg(long, global = true, env = "B2AUTH_HOST", value_name = "URL", help_heading = CONNECTION)]
    pub(crate) host: Option<String>,

    /// The office to sign in to: front (clients) or back (staff)
    #[arg(long, global = true, env = "B2AUTH_OFFICE", default_value = "front", value_name = "front|back", value_parser = Named(&["front", "back"], office), help_heading = CONNECTION)]
    pub(crate) office: Office,

    /// Which of several accounts kept side by side
    #[arg(long, global = true, env = "B2AUTH_PROFILE", default_value = "default", value_name = "NAME", value_parser = profile, help_heading = STORAGE)]
    pub(crate) profile: Profile,

    /// Where sessions are kept: auto, memory, file:PATH, keyring, keyring:NAME, sqlite:PATH or redis://HOST [default: auto]
    ///
    /// auto is the keyring of the system if it works without asking anybody, else a file in the user's data folder; what was chosen once stays.
    /// A file is made for some hundred accounts, an SQLite database for thousands and more, a Redis or Valkey server for several
    /// machines. These three are sealed with the passphrase in B2AUTH_STORE_KEY, or in the file that B2AUTH_STORE_KEY_FILE names; a file and
    /// a database else with a key file beside it. A Redis URL may name password-file=FILE; its forms are in the README of b2auth.
    #[arg(long, global = true, env = "B2AUTH_STORE", value_name = "SPEC", help_heading = STORAGE)]
    pub(crate) store: Option<StoreSpec>,

    /// The time for a whole request, in seconds
    #[arg(long, global = true, env = "B2AUTH_TIMEOUT", default_value = "30", value_name = "SECONDS", value_parser = seconds, help_heading = CONNECTION)]
    pub(crate) timeout: Duration,

    /// The host's attempt limits where they are not the default: off, or a list such as sign_in=10,block=60
    #[arg(long, global = true, env = "B2AUTH_LIMITS", value_name = "SPEC", help_heading = CONNECTION)]
    pub(crate) limits: Option<LimitsSpec>,

    /// How many refreshes a minute the host allows, 0 for any number; wins over refresh= of --limits
    #[arg(long, global = true, env = "B2AUTH_REFRESH_LIMIT", value_name = "N", help_heading = CONNECTION)]
    pub(crate) refresh_limit: Option<RefreshLimit>,

    /// Trust the root certificates in this PEM file beside the system's
    #[arg(long, global = true, env = "B2AUTH_CA_FILE", value_name = "FILE", value_parser = file(), help_heading = CONNECTION)]
    pub(crate) ca_file: Option<PathBuf>,

    /// A key that the host's certificate may lead to, at least two of them (repeat it; a list with commas in the variable)
    ///
    /// The certificate is checked as usual first. One key in use and one in reserve are needed, so that the host can change its key.
    /// `b2auth pins` prints those in use.
    #[arg(long = "pin", global = true, env = "B2AUTH_PINS", value_name = "sha256/BASE64", value_delimiter = ',', value_parser = pin, help_heading = CONNECTION)]
    pub(crate) pins: Vec<Pin>,

    /// Until when the pins hold; then they are ignored, or the host is refused if `,refuse` follows
    #[arg(long, global = true, env = "B2AUTH_PIN_EXPIRES", value_name = "DATE[,refuse]", help_heading = CONNECTION)]
    pub(crate) pin_expires: Option<PinExpiry>,

    /// The language of messages, of b2auth (en, de, es) and of the host, such as de [default: b2auth's by the locale]
    #[arg(long, global = true, env = "B2AUTH_LANGUAGE", value_name = "CODE", help_heading = OUTPUT)]
    pub(crate) language: Option<String>,

    /// Print JSON on standard output, errors too
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub(crate) json: bool,

    /// Say more on standard error (repeat for more)
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = OUTPUT)]
    pub(crate) verbose: u8,

    /// How standard error is written: text, or json, a line of JSON for each event; json says what -v does
    #[arg(long, global = true, env = "B2AUTH_LOG", default_value = "text", value_name = "text|json", value_parser = Named(&["text", "json"], log_format), help_heading = OUTPUT)]
    pub(crate) log: LogFormat,

    /// Never ask; exit with 10 where more is needed
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub(crate) no_input: bool,

    /// The variables of those that stand in the call, with what was written there.
    #[arg(skip)]
    pub(crate) given: Vec<(OsString, OsString)>,
}

// Only the options of the command that is called are put together: it is a good part of a start.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Sign in, or go on with a sign-in that waits for its user
    Signin(Signin),
    /// Print an access token that can be used now
    Token(Token),
    /// Refresh the session now, and say until when it lasts
    Refresh,
    /// Run a command with an access token in its environment, as B2AUTH_TOKEN, and a way to ask for the next one
    Run(Run),
    /// Sign in by a QR code that is scanned and approved elsewhere, or approve one here
    Qr(Qr),
    /// Say who is signed in; never prints a token
    Status(Status),
    /// List all accounts in the store, of every profile, host and office
    Accounts(Accounts),
    /// Refresh the sessions of the store before they end, until interrupted; a line for each outcome
    KeepAlive(KeepAlive),
    /// Sign out: here at once, and at the host
    Signout(Signout),
    /// Copy the records of a store into another one
    Store(Store),
    /// Print the keys of the host that --pin can name; the certificate is checked as always, but against no pins
    Pins,
    /// Serve a B2Core-compatible host for trying things out, until interrupted
    Sandbox(Box<Sandbox>),
    /// Show every way to sign in, against a sandbox of its own
    Demo,
    /// Print what completes calls of b2auth in a shell
    Completions(Completions),
    /// Print the manual, or the page of a command
    Man(Man),
}

#[derive(Debug, Args)]
pub(crate) struct Accounts {
    /// Only the names of the profiles, and nothing is sent
    #[arg(long)]
    pub(crate) profiles: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Completed,
}

/// The shells that calls are completed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lower")]
pub(crate) enum Completed {
    Bash,
    Elvish,
    Fish,
    PowerShell,
    Zsh,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command, such as signin or qr show
    #[arg(value_name = "COMMAND", conflicts_with = "folder")]
    pub(crate) command: Vec<String>,

    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Signin {
    /// The account's e-mail
    #[arg(long, value_name = "E")]
    pub(crate) email: Option<String>,

    /// Go on from the pending step, perhaps of another process
    #[arg(long)]
    pub(crate) resume: bool,

    /// If the store's key is lost, or the keyring has lost it, keep the old store aside and sign in to a new one; a store that opens stays
    #[arg(long, conflicts_with = "resume", help_heading = STORAGE)]
    pub(crate) set_store_aside: bool,

    /// Read the password from the first line of standard input
    #[arg(long, help_heading = SECRETS)]
    pub(crate) password_stdin: bool,

    /// Read the password from this file, which only this user may be able to read
    #[arg(long, value_name = "FILE", value_parser = file(), conflicts_with = "password_stdin", help_heading = SECRETS)]
    pub(crate) password_file: Option<PathBuf>,

    /// The two-factor method: google or sms. With --resume at the code step it changes the method
    #[arg(long, value_name = "google|sms", value_parser = Named(&["google", "sms"], str::parse::<TwoFactorMethod>))]
    pub(crate) method: Option<TwoFactorMethod>,

    /// The code from the authenticator app, the SMS or the e-mail (single use)
    #[arg(long, value_name = "C", help_heading = SECRETS)]
    pub(crate) code: Option<String>,

    /// Run this program for the code, such as 'pass otp broker': the first line that it prints
    ///
    /// It is started without a shell, once, when the host asks for a code. Quotes keep blanks together; nothing else is special.
    #[arg(long, value_name = "CMD", conflicts_with = "code", help_heading = SECRETS)]
    pub(crate) code_command: Option<CodeCommand>,

    /// Make the codes of the authenticator app from the secret in this file, as base32 or otpauth:// (for staff bots and tests)
    ///
    /// Whoever can read the file and knows the password needs no second factor any more. Only this user may be able to read it.
    #[arg(long, value_name = "FILE", value_parser = file(), conflicts_with_all = ["code", "code_command"], help_heading = SECRETS)]
    pub(crate) totp_secret_file: Option<PathBuf>,

    /// The reCAPTCHA response, where the host demands one
    #[arg(long, value_name = "T", help_heading = SECRETS)]
    pub(crate) recaptcha: Option<String>,

    /// Read the new password of a forced reset from standard input (the second line, after --password-stdin's)
    #[arg(long, help_heading = SECRETS)]
    pub(crate) new_password_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Token {
    /// A token that still has so much time left, as far as its life allows
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) min_ttl: u64,

    /// Refresh first, whatever time is left
    #[arg(long)]
    pub(crate) force_refresh: bool,

    /// Print a header line for `curl -H @-`: as an argument every user of the machine could see the token
    #[arg(long, conflicts_with = "json")]
    pub(crate) header: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// A token that still has so much time left, as far as its life allows
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) min_ttl: u64,

    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Say it again whenever it has changed, until interrupted
    #[arg(long)]
    pub(crate) watch: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KeepAlive {
    /// Refresh each session once, now, and end: for a timer
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Signout {
    /// All accounts in the store, of every profile, host and office
    #[arg(long)]
    pub(crate) all: bool,
}
