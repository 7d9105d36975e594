//! The authenticator app's codes from its secret in a file: a second factor that a program has, for staff bots and tests.

use crate::{failure::Failure, secret_file};
use auth_client::secret::OneTimeCode;
use auth_messages::Message;
use std::{
    path::Path,
    time::{Duration, SystemTime},
};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

/// Makes codes.
pub(crate) struct Authenticator(Totp);

impl Authenticator {
    /// # Errors
    /// The file cannot be read, others can read it, or there is no secret in it.
    pub(crate) fn read(file: &Path, limit: Duration) -> Result<Self, Failure> {
        let text = secret_file::read("--totp-secret-file", file, limit)?;
        parse(text.trim()).map(Self).ok_or_else(|| {
            let message = Message::new("usage").about("totp_file").with("file", file.display());
            Failure::call_of(
                message.with("problem", "it holds neither a base32 secret nor an otpauth:// address of one"),
            )
        })
    }

    /// The code that is good now.
    pub(crate) fn code(&self) -> OneTimeCode {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        OneTimeCode::new(self.0.generate(now.as_secs()).to_string())
    }
}

/// As hosts give it: base32, perhaps in groups, or the address behind the QR code.
fn parse(text: &str) -> Option<Totp> {
    let address = text.strip_prefix("otpauth://totp/");
    let (mut secret, mut algorithm, mut digits, mut period) = (None, Algorithm::SHA1, 6, 30);
    match address {
        Some(address) => {
            for (name, value) in address.split_once('?')?.1.split('&').filter_map(|part| part.split_once('='))
            {
                match name {
                    "secret" => secret = Some(value.to_owned()),
                    "digits" => digits = value.parse().ok().filter(|digits| (6..=8).contains(digits))?,
                    "period" => period = value.parse().ok().filter(|period| (1..=3600).contains(period))?,
                    "algorithm" => {
                        algorithm = match value.to_ascii_uppercase().as_str() {
                            "SHA1" => Algorithm::SHA1,
                            "SHA256" => Algorithm::SHA256,
                            "SHA512" => Algorithm::SHA512,
                            _ => return None,
                        }
                    }
                    _ => {}
                }
            }
        }
        None => secret = Some(text.replace([' ', '-'], "")),
    }
    let secret = Zeroizing::new(secret?.trim_end_matches('=').to_ascii_uppercase());
    // The shortest that are given, of 80 bits; more is recommended, but it is the host's to choose.
    let secret = Secret::try_from_base32(&*secret).ok().filter(|_| secret.len() >= 16)?;
    let builder = Builder::new().with_algorithm(algorithm).with_digits(digits).with_step_duration(period);
    Some(builder.with_secret(secret).build_noncompliant())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_as_hosts_give_them() {
        let code = |text: &str| parse(text).map(|totp| totp.generate(59).to_string());
        // RFC 6238, appendix B, and its last six digits.
        assert_eq!(code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").as_deref(), Some("287082"));
        assert_eq!(code("gezd gnbv gy3t qojq gezd gnbv gy3t qojq").as_deref(), Some("287082"));
        let address = "otpauth://totp/B2Core:a%40b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=B2Core";
        assert_eq!(code(address).as_deref(), Some("287082"));
        assert_eq!(
            code(&format!("{address}&digits=8&period=30&algorithm=SHA1")).as_deref(),
            Some("94287082")
        );
        for bad in [
            "",
            "GEZDGNBV",
            "no secret!",
            "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQ",
            "otpauth://totp/x",
            "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=40",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
