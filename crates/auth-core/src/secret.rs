//! Newtypes for all secrets: zeroized when dropped, redacted in `Debug`, without `Display`, `Serialize` or equality.
//!
//! A wrapper zeroizes its own buffer. It cannot zeroize copies that an HTTP client or a garbage-collected language makes of
//! an exposed value.

mod buffer;

pub use buffer::SecretBuffer;

use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use zeroize::Zeroizing;

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Wraps the value.
            pub fn new(value: impl Into<String>) -> Self {
                let value: String = value.into();
                if value.len() == value.capacity() {
                    return Self(SecretString::from(value));
                }
                // Shrinking the buffer could move the value, and leave a copy behind.
                let value = zeroize::Zeroizing::new(value);
                Self(SecretString::from(value.as_str()))
            }

            /// The value in the clear: for the wire and the sealed store, never for a log.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}

secrets! {
    /// A client's or a staff member's password.
    Password;
    /// A code typed by the user: Google Authenticator, SMS or e-mail. It is good for one use.
    OneTimeCode;
    /// The bearer token of API calls.
    AccessToken;
    /// The token that is exchanged for a new pair. Many hosts accept it only once.
    RefreshToken;
    /// The `uuid` of a sign-in wizard: whoever holds it can go on with that sign-in.
    WizardId;
    /// The back office's 2FA token, which stands for a password that was accepted.
    TwoFactorToken;
    /// The response that reCAPTCHA gave the page.
    RecaptchaResponse;
    /// The id of a sign-in channel, which a QR code shows: whoever is signed in can approve that sign-in with it.
    QrChannelId;
    /// The text of a QR code, with the id in it.
    QrPayload;
    /// The name under which a sign-in channel's events are published, with the id in it.
    ChannelName;
    /// The token that an approval brings: whoever has it first is signed in.
    AuthorizationToken;
}

/// Bytes that may hold secrets: HTTP bodies, records of a store.
#[derive(Clone)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Wraps the bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes in the clear.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// To shorten them in place. Growing them would leave a copy behind.
    pub(crate) fn expose_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", Password::new("hunter2")), "Password(..)");
        assert_eq!(format!("{:?}", SecretBytes::new(b"hunter2".to_vec())), "SecretBytes(7 bytes)");
    }
}
