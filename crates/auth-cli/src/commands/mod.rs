//! One file per command.

pub(crate) mod accounts;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod keep_alive;
pub(crate) mod man;
pub(crate) mod pins;
pub(crate) mod qr;
pub(crate) mod refresh;
pub(crate) mod run;
pub(crate) mod sandbox;
pub(crate) mod signin;
pub(crate) mod signout;
pub(crate) mod status;
pub(crate) mod store;
pub(crate) mod token;
