//! The switches of a dialect: what each can be, and its name in text.

/// Declares a switch: an enum whose variants have the names used in `key=value` text.
macro_rules! switch {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All values, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in `key=value` text.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            pub(super) fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}

switch! {
    /// What stands in the place of a token that is not given out yet (`no_token`).
    NoToken {
        /// `null`, as in the vendor's tutorial.
        Null = "null",
        /// `{}`, as in the vendor's reference.
        Object = "object",
        /// `[]`, as PHP writes an empty object.
        Array = "array",
        /// Nothing: the fields are left out.
        Missing = "missing",
    }
}

switch! {
    /// The workflow of an answer that carries tokens (`final_workflow`).
    FinalWorkflow {
        /// `Terminate`, as in the vendor's tutorial.
        Terminate = "Terminate",
        /// `terminate`, as one public client expects.
        LowerTerminate = "terminate",
        /// `login`, as in the vendor's reference.
        Login = "login",
    }
}

switch! {
    /// Where tokens stand in an answer that has no wizard (`refresh_shape`, `back_tokens`).
    TokenShape {
        /// At the top of the body, as documented.
        Top = "top",
        /// Under `data`, beside `code`, as some public clients expect.
        Data = "data",
    }
}

switch! {
    /// How a refusal is written (`errors`).
    ErrorShape {
        /// `{"error": {"code", "message", "details": [{"issue"}]}}`.
        Envelope = "envelope",
        /// `{"message", "errors": {field: [..]}}`, bad input as 422.
        Laravel = "laravel",
        /// Only the HTTP status.
        Empty = "empty",
        /// A 502 page, as a proxy in front of a broken host shows it.
        Html = "html",
        /// HTTP 200 and the real status in the body, as in the vendor's first API.
        V1 = "v1",
    }
}

switch! {
    /// The HTTP status of answers whose body says `code: 202` (`http_status`).
    FinalStatus {
        /// 200, as public clients report it.
        Ok = "200",
        /// 202, the same as in the body.
        Accepted = "202",
    }
}

switch! {
    /// What the start of a wizard says of itself (`wizard_done`).
    WizardDone {
        /// `code: 200, done: false`.
        No = "false",
        /// `code: 202, done: true`, as in older samples.
        Yes = "true",
    }
}

switch! {
    /// How `tfaProviders` is filled (`providers`).
    Providers {
        /// Every method with its state.
        Full = "full",
        /// Always `[]`, as in the tutorial's sample, even with workflow `2fa`.
        Empty = "empty",
    }
}

switch! {
    /// The sign-in answer for a user with one second factor (`single_2fa`).
    SingleTwoFactor {
        /// The workflow names the method: `2fa_google_auth` or `2fa_sms_auth`.
        Direct = "direct",
        /// Workflow `2fa`, as for two: the method has to be chosen.
        List = "list",
    }
}

switch! {
    /// Whether a wizard's uuid changes (`uuid`).
    UuidPolicy {
        /// One uuid from start to end.
        Keep = "keep",
        /// A new one in each answer; the one before is dead.
        Rotate = "rotate",
    }
}

switch! {
    /// Whether answers have things that no document knows (`extra`).
    Extra {
        /// Only what is documented.
        Off = "off",
        /// Unknown fields, and an unknown second factor in the list.
        On = "on",
    }
}

switch! {
    /// By which method a wizard is opened (`wizard_method`). The other one is answered with 405 and `Allow`.
    WizardMethod {
        /// By either.
        Both = "both",
        /// `GET`, as documented.
        Get = "get",
        /// `POST`, as in older pages of the vendor.
        Post = "post",
    }
}

switch! {
    /// How the dates of tokens are written (`dates`).
    Dates {
        /// `2024-04-22T11:07:24+00:00`, as documented.
        Iso = "iso",
        /// An object, as PHP writes its dates.
        Php = "php",
        /// Milliseconds since 1970.
        Milliseconds = "milliseconds",
        /// Seconds since 1970, as text.
        SecondsText = "seconds_text",
        /// The form of e-mails.
        Mail = "mail",
        /// No dates. The access token is a JSON Web Token all the same, which names its end.
        Missing = "missing",
    }
}

switch! {
    /// What a refresh gives instead of a new refresh token (`refresh_token`).
    RefreshToken {
        /// A new one, as documented.
        New = "new",
        /// None: the old one stays in use.
        Kept = "kept",
    }
}

switch! {
    /// In which encoding refusals are written (`encoding`).
    Encoding {
        /// UTF-8.
        Utf8 = "utf8",
        /// Latin-1, with a letter that is not ASCII in each message.
        Latin1 = "latin1",
    }
}

switch! {
    /// Whether the host depends on cookies (`cookies`).
    Cookies {
        /// It sets none.
        Unused = "unused",
        /// A balancer stands in front of several machines, and pins a client to one by a cookie. Without it another machine answers,
        /// which knows neither the sign-in nor, for now, the session.
        Pinned = "pinned",
    }
}
