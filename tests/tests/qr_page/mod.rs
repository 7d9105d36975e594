//! The sandbox's sign-in page in a real browser, and its live channel with the clients that web pages use.

mod approve;
mod browser;
mod by_mail;
mod codes;
mod live_clients;
mod looks;
