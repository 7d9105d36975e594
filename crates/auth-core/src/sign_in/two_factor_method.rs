//! The two-factor methods of the front office, in one table.
//!
//! To add a method, add a row to the table below. The enum, [`TwoFactorMethod::ALL`], its name on the wire, the workflow that
//! asks for its code, the endpoint that checks it and the form of its code come from that row. Then:
//!
//! 1. Build the workspace. The exhaustive matches over the enum stop compiling: the mirror in `auth-ffi` (`types.rs`), the
//!    prompt in `auth-cli` (`commands/signin/walk.rs`), and after `cargo xtask bindings` the layers and samples of Kotlin and
//!    Swift.
//! 2. If its code has another form than the known ones: `CodeAlphabet` in `input.rs`. A new `InputProblem` needs a text in the
//!    catalogue of `auth-messages`.
//! 3. The sandbox, which shares no code with this crate: the routes and wizards of `auth-sandbox`, its `faults/endpoint.rs`.
//! 4. The end-to-end tests, which list the endpoints: `EndpointCase` in `tests/src/walker.rs`.
//! 5. The words by which a refusal is known to be about a method: `is_about_method` in `wire/hints.rs`.
//! 6. The help of `b2auth signin --method`, and the documents of the command.

use super::input::CodeAlphabet;
use std::{fmt, str::FromStr};

/// What is known of one method.
struct Row {
    /// The name on the wire: `type` of `POST /my/signin/2fa`, `name` in `tfaProviders`.
    name: &'static str,
    /// The `workflow` by which the host asks for a code of this method.
    workflow: &'static str,
    /// The endpoint that checks a code of this method.
    check_path: &'static str,
    /// What its codes are made of.
    alphabet: CodeAlphabet,
}

macro_rules! two_factor_methods {
    ($($(#[$doc:meta])* $variant:ident => $row:expr,)*) => {
        /// A two-factor method of the front office.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum TwoFactorMethod {
            $($(#[$doc])* $variant,)*
        }

        impl TwoFactorMethod {
            /// Every method, in the order in which they are offered where the host lists none.
            pub const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];

            const fn row(self) -> Row {
                match self {
                    $(Self::$variant => $row,)*
                }
            }
        }
    };
}

two_factor_methods! {
    /// A code from the Google Authenticator app, or any other that does TOTP.
    Google => Row {
        name: "google",
        workflow: "2fa_google_auth",
        check_path: "/api/v2/my/2fa/google",
        alphabet: CodeAlphabet::Digits,
    },
    /// A code sent to the client's phone.
    Sms => Row {
        name: "sms",
        workflow: "2fa_sms_auth",
        check_path: "/api/v2/my/2fa/sms",
        alphabet: CodeAlphabet::Digits,
    },
}

impl TwoFactorMethod {
    /// `google` or `sms`, as on the wire.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The path of the endpoint that checks a code of this method.
    pub(crate) fn check_path(self) -> &'static str {
        self.row().check_path
    }

    /// What a code of this method is made of.
    pub(super) fn alphabet(self) -> CodeAlphabet {
        self.row().alphabet
    }

    /// The method whose code this `workflow` asks for.
    pub(super) fn of_workflow(workflow: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.row().workflow == workflow)
    }

    /// The method of this name, as a host may spell it: in any case, with blanks around it.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        name.trim().to_ascii_lowercase().parse().ok()
    }
}

impl fmt::Display for TwoFactorMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the name of a two-factor method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMethod;

impl std::error::Error for UnknownMethod {}

/// Lists the names: `a method is google or sms`.
impl fmt::Display for UnknownMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = TwoFactorMethod::ALL.map(TwoFactorMethod::as_str);
        write!(f, "a method is {}", names.join(" or "))
    }
}

impl FromStr for TwoFactorMethod {
    type Err = UnknownMethod;

    /// Takes the exact name, as [`as_str`](Self::as_str) gives it.
    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        Self::ALL.into_iter().find(|method| method.as_str() == text).ok_or(UnknownMethod)
    }
}

/// A method that the client may use, with the host's name for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodOption {
    /// The method.
    pub method: TwoFactorMethod,
    /// `localizedCaption`: what to show, in the language asked for. `None` if the host gave none.
    pub caption: Option<String>,
}

impl MethodOption {
    /// Every method, for a host that asks for a choice and lists nothing to choose from.
    pub(crate) fn all() -> Vec<Self> {
        TwoFactorMethod::ALL.map(|method| Self { method, caption: None }).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_found_by_its_name_and_its_workflow() {
        for method in TwoFactorMethod::ALL {
            assert_eq!(method.as_str().parse(), Ok(method));
            assert_eq!(
                TwoFactorMethod::from_name(&format!(" {} ", method.as_str().to_uppercase())),
                Some(method)
            );
            assert_eq!(TwoFactorMethod::of_workflow(method.row().workflow), Some(method));
        }
        assert_eq!("Google".parse::<TwoFactorMethod>(), Err(UnknownMethod));
        assert_eq!(TwoFactorMethod::of_workflow("2fa"), None, "the choice of a method is no method");
        assert_eq!(UnknownMethod.to_string(), "a method is google or sms");
    }
}
