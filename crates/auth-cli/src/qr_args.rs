//! The command line of `b2auth qr`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Qr {
    /// How this host's QR sign-in differs from what is assumed, such as payload=url (repeat for more; ; between them works too)
    ///
    /// The keys, what they mean and why they are there: docs/hosts.md. A secret value belongs into the variable: arguments are
    /// seen by every user of the machine.
    #[arg(
        long = "qr-option",
        global = true,
        env = "B2AUTH_QR_OPTION",
        hide_env_values = true,
        value_delimiter = ';',
        value_name = "KEY=VALUE"
    )]
    pub(crate) options: Vec<String>,

    #[command(subcommand)]
    pub(crate) command: QrCommand,
}

#[derive(Subcommand)]
pub(crate) enum QrCommand {
    /// Show a code, and be signed in once somebody who is signed in elsewhere approves it
    Show(Show),
    /// Say what the host tells of the screen that shows a code; approves nothing
    Inspect(Code),
    /// Let the screen that shows a code be signed in as this account
    Approve(Approve),
    /// Decline a code
    Decline(Code),
}

impl QrCommand {
    /// True if it asks the user between two requests.
    pub(crate) fn asks(&self) -> bool {
        matches!(self, Self::Approve(_))
    }
}

#[derive(Args)]
pub(crate) struct Show {
    /// Keep the code in this SVG file as long as it can be used; the file is replaced, and removed at the end
    #[arg(long, value_name = "F")]
    pub(crate) svg: Option<PathBuf>,

    /// Keep the code in this PNG file as long as it can be used; the file is replaced, and removed at the end
    #[arg(long, value_name = "F")]
    pub(crate) png: Option<PathBuf>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Code {
    /// The text of the code; - reads it from standard input. Other users of the machine see arguments, and could approve it too
    #[arg(value_name = "TEXT")]
    pub(crate) text: Option<String>,

    /// A picture of the code: PNG or JPEG, up to 16 MiB
    #[arg(long, value_name = "F")]
    pub(crate) image: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Approve {
    #[command(flatten)]
    pub(crate) code: Code,

    /// Approve without asking
    #[arg(long)]
    pub(crate) yes: bool,
}

// The texts of codes, and perhaps an authorization, are in these: they are shown to nobody.

impl std::fmt::Debug for Qr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Qr")
    }
}
