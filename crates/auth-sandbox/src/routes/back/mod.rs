//! The back office: everything directly under `/api/v2`.

mod confirm;
mod sign_in;
mod table;

pub(super) use table::routes;
