//! The front office: everything under `/api/v2/my`.

mod accounts;
mod choose;
mod code;
mod qr;
mod reset;
mod sign_in;
mod start;
mod table;

pub(super) use table::routes;
