//! Sessions between processes: the commands that hand tokens out, refresh and end them, whatever goes wrong meanwhile.

mod commands;
mod crowd;
mod faults;
mod frozen;
mod next_user;
mod revoked;
mod stillness;
mod torture;
