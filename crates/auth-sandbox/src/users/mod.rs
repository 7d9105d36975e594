//! Who can sign in: the built-in users or those of a TOML file.

mod built_in;
mod error;
mod info;
mod method;
mod office;
mod password;
mod table;
mod toml_file;

pub use error::UsersError;
pub use info::UserInfo;
pub use method::Method;
pub use office::Office;
pub(crate) use password::PasswordHash;
pub use table::Users;
pub(crate) use table::{User, UserId};
