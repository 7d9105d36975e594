//! A service with many users: rounds of refreshes, several clients over one database, a budget that they share.

mod budget;
mod counting;
mod fleet;
mod issuer;
mod many;
mod rounds;
