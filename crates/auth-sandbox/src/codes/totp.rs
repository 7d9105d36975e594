//! Real TOTP (RFC 6238, SHA-1, six digits, 30 seconds, one step of slack), each code good for one use.

use std::collections::BTreeSet;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// The name an authenticator app shows above the code.
const ISSUER: &str = "B2Core Sandbox";
/// How long a code is shown, in seconds.
const STEP: u64 = 30;
/// What stays as it is in a URL.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// How many used steps are remembered: more than the window can still accept.
const REMEMBERED: usize = 8;

/// How a code was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    Wrong,
    AlreadyUsed,
}

/// A base32 text that is no usable TOTP secret.
#[derive(Debug)]
pub(crate) struct BadSecret;

/// One user's authenticator: the shared secret and the steps whose codes are spent.
pub(crate) struct Authenticator {
    totp: Totp,
    base32: String,
    account: String,
    used: BTreeSet<u64>,
    is_made_up: bool,
}

impl Authenticator {
    /// An authenticator for this base32 secret of at least 128 bits.
    pub(crate) fn new(base32: &str, email: &str) -> Result<Self, BadSecret> {
        let base32 = base32.trim().trim_end_matches('=').to_ascii_uppercase();
        let secret = Secret::try_from_base32(&base32).map_err(|_| BadSecret)?;
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP)
            .with_secret(secret)
            .build()
            .map_err(|_| BadSecret)?;
        // A colon would end the issuer's name.
        let account = email.replace(':', "_");
        Ok(Self { totp, base32, account, used: BTreeSet::new(), is_made_up: false })
    }

    /// An authenticator with a fresh random secret.
    pub(crate) fn generate(email: &str) -> Result<Self, BadSecret> {
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes).map_err(|_| BadSecret)?;
        let made = Self::new(&Secret::new_stack(bytes).to_base32(), email)?;
        Ok(Self { is_made_up: true, ..made })
    }

    /// The secret, if nobody has chosen it: at the next start there would be another one.
    pub(crate) fn made_up_secret(&self) -> Option<&str> {
        self.is_made_up.then_some(self.base32.as_str())
    }

    /// The steps whose codes are spent.
    pub(crate) fn used(&self) -> Vec<u64> {
        self.used.iter().copied().collect()
    }

    /// Takes up what there was before a restart: the spent steps, and the secret if none was chosen since.
    pub(crate) fn resume(
        &mut self,
        email: &str,
        secret: Option<&str>,
        used: &[u64],
    ) -> Result<(), BadSecret> {
        if let Some(secret) = secret.filter(|_| self.is_made_up) {
            *self = Self { is_made_up: true, ..Self::new(secret, email)? };
        }
        self.used = used.iter().rev().take(REMEMBERED).copied().collect();
        Ok(())
    }

    pub(crate) fn base32(&self) -> &str {
        &self.base32
    }

    /// The otpauth URL that an authenticator app reads from a QR code.
    pub(crate) fn url(&self) -> String {
        let [issuer, account] = [ISSUER, &self.account].map(|text| utf8_percent_encode(text, ESCAPED));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.base32)
    }

    /// A code that is accepted now, as long as one of those within the slack is unspent: the one that is shown, the next one,
    /// or the one before.
    pub(crate) fn code(&self, now: Timestamp) -> String {
        let step = seconds(now) / STEP;
        let steps = [step, step + 1, step.saturating_sub(1)];
        let unspent = steps.into_iter().find(|step| !self.used.contains(step));
        self.totp.generate(unspent.unwrap_or(step) * STEP).to_string()
    }

    /// Whether this code is none of a few minutes around now.
    pub(crate) fn is_far_from(&self, code: &str, now: Timestamp) -> bool {
        let step = seconds(now) / STEP;
        let near = step.saturating_sub(5)..=step + 5;
        near.into_iter().all(|step| self.totp.generate(step * STEP).to_string() != code)
    }

    /// Judges a code and, if it is right, spends it.
    pub(crate) fn check(&mut self, code: &str, now: Timestamp) -> Verdict {
        let Some(step) = self.totp.check(code, seconds(now)) else {
            return Verdict::Wrong;
        };
        if !self.used.insert(step) {
            return Verdict::AlreadyUsed;
        }
        while self.used.len() > REMEMBERED {
            self.used.pop_first();
        }
        Verdict::Right
    }
}

fn seconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_second()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "12345678901234567890", the secret of the RFC's test vectors.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_of_the_rfc_are_accepted() {
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let mut authenticator = Authenticator::new(RFC, "a@example.com").unwrap();
            assert_eq!(authenticator.check(code, at(second)), Verdict::Right, "{code}");
        }
    }

    #[test]
    fn one_step_of_slack_and_no_more() {
        for (second, verdict) in
            [(59 - 30, Verdict::Right), (59 + 30, Verdict::Right), (59 + 61, Verdict::Wrong)]
        {
            let mut authenticator = Authenticator::new(RFC, "a@example.com").unwrap();
            assert_eq!(authenticator.check("287082", at(second)), verdict, "{second}");
        }
    }

    #[test]
    fn a_code_is_spent_by_its_use() {
        let mut authenticator = Authenticator::new(RFC, "a@example.com").unwrap();
        assert_eq!(authenticator.check("287082", at(59)), Verdict::Right);
        assert_eq!(authenticator.check("287082", at(60)), Verdict::AlreadyUsed);
    }

    #[test]
    fn short_or_malformed_secrets_are_refused() {
        assert!(Authenticator::new("AAAA", "a@example.com").is_err());
        assert!(Authenticator::new("not base32!", "a@example.com").is_err());
    }

    #[test]
    fn generated_secrets_work_and_differ() {
        let one = Authenticator::generate("a@example.com").unwrap();
        let two = Authenticator::generate("a@example.com").unwrap();
        assert_eq!(one.base32().len(), 32);
        assert_ne!(one.base32(), two.base32());
    }

    #[test]
    fn the_url_names_issuer_account_and_secret() {
        let url = Authenticator::new(RFC, "a:b+c@example.com").unwrap().url();
        let told =
            "otpauth://totp/B2Core%20Sandbox:a_b%2Bc%40example.com?secret={RFC}&issuer=B2Core%20Sandbox";
        assert_eq!(url, told.replace("{RFC}", RFC));
    }

    #[test]
    fn a_code_to_use_is_an_unspent_one_of_three() {
        let mut authenticator = Authenticator::new(RFC, "a@example.com").unwrap();
        assert_eq!(authenticator.code(at(59)), "287082", "the one that is shown");
        for _ in 0..3 {
            let code = authenticator.code(at(59));
            assert!(!authenticator.is_far_from(&code, at(59)));
            assert_eq!(authenticator.check(&code, at(59)), Verdict::Right, "{code}");
        }
        let spent = authenticator.code(at(59));
        assert_eq!(authenticator.check(&spent, at(59)), Verdict::AlreadyUsed, "no more than three");
        let next = authenticator.code(at(89));
        assert_eq!(authenticator.check(&next, at(89)), Verdict::Right);
        assert!(authenticator.is_far_from("000000", at(59)));
    }
}
