//! Errors of QR sign-in, by role.

use super::{Exit, Failure, of_request::of_request};
use auth_client::{QrApprovalError, QrSignInError, Recovery, RequestError, ports::ChannelError};
use auth_messages::Message;

impl Failure {
    /// Whoever scanned the code declined.
    pub(crate) fn qr_declined() -> Self {
        Self::new(Exit::Refused, "qr_declined", Message::new("qr_declined"), Recovery::Restart)
    }

    /// The host, or the office, has no QR sign-in.
    pub(crate) fn qr_not_available() -> Self {
        Self::saying("not_available", Message::new("not_available"))
    }

    /// A picture from which no code was read, as the message says. Its id is the kind.
    pub(crate) fn picture(kind: &'static str) -> Self {
        Self::new(Exit::Refused, kind, Message::new(kind), Recovery::AskUser)
    }
}

impl From<RequestError<QrSignInError>> for Failure {
    fn from(failed: RequestError<QrSignInError>) -> Self {
        let error = &failed.cause;
        let exit = match error {
            QrSignInError::Call(call) => return Self::call(call).at(&failed),
            QrSignInError::AuthorizationUsed { .. }
            | QrSignInError::AuthorizationExpired { .. }
            | QrSignInError::Refused { .. } => Exit::Refused,
            QrSignInError::NoCode => Exit::Other,
            QrSignInError::Channel(channel) => of_channel(*channel),
            QrSignInError::Store(_) | QrSignInError::NotSaved(_) => Exit::Store,
        };
        of_request!(failed, exit, QrSignInError)
    }
}

fn of_channel(error: ChannelError) -> Exit {
    match error {
        ChannelError::Unreachable | ChannelError::Tls | ChannelError::PinMismatch => Exit::Network,
        ChannelError::NotFound | ChannelError::Protocol => Exit::NotB2Core,
        ChannelError::Refused => Exit::Refused,
        ChannelError::Failed => Exit::Other,
    }
}

impl From<RequestError<QrApprovalError>> for Failure {
    fn from(failed: RequestError<QrApprovalError>) -> Self {
        let error = &failed.cause;
        let exit = match error {
            QrApprovalError::Call(call) => return Self::call(call).at(&failed),
            QrApprovalError::Session(session) => {
                let session = session.clone();
                return failed.map(|_| session).into();
            }
            QrApprovalError::Scan(_)
            | QrApprovalError::Expired { .. }
            | QrApprovalError::AlreadyUsed { .. }
            | QrApprovalError::AlreadyDecided
            | QrApprovalError::NotConfirmed
            | QrApprovalError::Refused { .. } => Exit::Refused,
            QrApprovalError::Uncertain(call) => Self::call(call).exit,
            QrApprovalError::NotAvailable => Exit::Other,
            QrApprovalError::Unauthorized => Exit::NotSignedIn,
        };
        Self::new(exit, error.kind(), error.into(), error.recovery())
            .detail(error)
            .server_message(error.server_message())
            .at(&failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_client::{
        CallError, SessionError,
        ports::{StoreError, TransportError},
    };

    #[test]
    fn exit_codes_follow_the_cause() {
        let approval = |cause| Failure::from(RequestError::from(cause));
        for (cause, exit, kind) in [
            (QrApprovalError::NotConfirmed, Exit::Refused, "qr_not_confirmed"),
            (QrApprovalError::Session(SessionError::Ended), Exit::NotSignedIn, "session_ended"),
            (
                QrApprovalError::Session(SessionError::Store(StoreError::WrongKey)),
                Exit::Store,
                "store_wrong_key",
            ),
            (QrApprovalError::Unauthorized, Exit::NotSignedIn, "qr_unauthorized"),
            (
                QrApprovalError::Uncertain(CallError::Transport(TransportError::TimedOut)),
                Exit::Network,
                "qr_uncertain",
            ),
            (QrApprovalError::NotAvailable, Exit::Other, "not_available"),
        ] {
            let failure = approval(cause);
            assert_eq!((failure.exit, failure.kind), (exit, kind));
        }
        let display = |cause| Failure::from(RequestError::from(cause));
        for (cause, exit) in [
            (QrSignInError::Channel(ChannelError::Tls), Exit::Network),
            (QrSignInError::Channel(ChannelError::PinMismatch), Exit::Network),
            (QrSignInError::Channel(ChannelError::NotFound), Exit::NotB2Core),
            (QrSignInError::NotSaved(StoreError::unavailable("x")), Exit::Store),
        ] {
            assert_eq!(display(cause).exit, exit);
        }
    }
}
