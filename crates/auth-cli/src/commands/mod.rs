//! One file per command.

pub(crate) mod demo;
pub(crate) mod sandbox;
pub(crate) mod signin;
pub(crate) mod signout;
pub(crate) mod status;
pub(crate) mod token;
