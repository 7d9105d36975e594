//! A service with many users: rounds of refreshes, several clients over one database, a quota that they share.

mod counting;
mod fleet;
mod issuer;
mod many;
mod processes;
mod quota;
mod rounds;
