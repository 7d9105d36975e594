//! What the end-to-end tests stand on: the built command, processes in a home of their own, a terminal, hostile hosts,
//! and independent programs to compare with.
//!
//! | module | holds |
//! | --- | --- |
//! | [`binary`] | building `b2auth` once for a whole run |
//! | [`shell`] | running it in a fresh home and a clean environment |
//! | [`walker`] | a sign-in in this process, to any endpoint and on |
//! | [`display`] | `b2auth qr show` as a program reads it |
//! | [`hand_clock`] | a clock that a test holds in its hand |
//! | [`keyring`] | the real GNOME Keyring on a bus of its own |
//! | [`machine`] | the clocks of a machine that a test moves, for several processes |
//! | [`token_id`] | a short name for a token |
//! | [`terminal`] | running it on a pseudo terminal |
//! | [`expect`] | the contract's outputs, as checks |
//! | [`raw_host`] | a scripted HTTP server for whatever no B2Core host says |
//! | [`relay`] | the sandbox behind a recorder that knows every secret on the wire |
//! | [`past`] | sign-ins made minutes ago, without waiting |
//! | [`bearer`] | tokens tried on the sandbox |
//! | [`opened`] | a store's records in the clear |
//! | [`echo_server`] | the real laravel-echo-server with a real Redis |
//! | [`channel_watch`] | a live channel that is watched, and what it reports |
//! | [`tcp_proxy`] | a slow, lossy or broken network in between |
//! | [`codes`] | one-time codes from `oathtool` |
//! | [`openssl`] | signatures checked by `openssl` |
//! | [`markers`] | secrets that are known again in any form |
//! | [`pictures`] | codes as pictures, made and read by other programs |
//! | [`witness`] | all that this process logs, and what its panics say |
//! | [`node`] | real clients of the web: a browser, socket.io and Laravel Echo, in processes of their own |
//! | [`users`] | other users of the same machine |
//! | [`waiting`] | waiting for another process, with a guard against hanging |

pub mod bearer;
pub mod binary;
pub mod channel_watch;
pub mod codes;
pub mod display;
pub mod echo_server;
pub mod expect;
pub mod hand_clock;
#[cfg(target_os = "linux")]
pub mod keyring;
pub mod machine;
pub mod markers;
pub mod node;
pub mod opened;
pub mod openssl;
pub mod past;
pub mod pictures;
pub mod raw_host;
pub mod redis_server;
pub mod relay;
pub mod running;
pub mod shell;
pub mod signals;
pub mod tcp_proxy;
pub mod terminal;
pub mod token_id;
pub mod users;
pub mod waiting;
pub mod walker;
pub mod witness;
