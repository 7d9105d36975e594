//! Maps the errors of QR sign-in.

use super::{from_call, not_saved};
use crate::{AuthError, QrProblem, Reasons, ServerMessage};
use auth_client::{QrApprovalError, QrSignInError, RequestError, ScanError};

impl From<RequestError<QrSignInError>> for AuthError {
    fn from(error: RequestError<QrSignInError>) -> Self {
        let correlation_id = error.correlation_id.as_ref().map(ToString::to_string);
        let server_message = message(error.cause.server_message());
        let problem = match &error.cause {
            QrSignInError::AuthorizationUsed { .. } => QrProblem::AuthorizationUsed,
            QrSignInError::AuthorizationExpired { .. } => QrProblem::Expired,
            QrSignInError::NoCode => QrProblem::NoCode,
            QrSignInError::Refused { .. } => return Self::Refused { server_message, correlation_id },
            QrSignInError::Channel(channel) => {
                return Self::Channel { problem: (*channel).into(), reasons: Reasons::of(&error) };
            }
            QrSignInError::Call(call) => return from_call(call, &error),
            QrSignInError::Store(error) => return error.clone().into(),
            QrSignInError::NotSaved(error) => return not_saved(error, correlation_id),
        };
        Self::Qr { problem, server_message, correlation_id, reasons: Reasons::default() }
    }
}

impl From<QrSignInError> for AuthError {
    fn from(cause: QrSignInError) -> Self {
        RequestError::from(cause).into()
    }
}

impl From<RequestError<QrApprovalError>> for AuthError {
    fn from(error: RequestError<QrApprovalError>) -> Self {
        let correlation_id = error.correlation_id.as_ref().map(ToString::to_string);
        let server_message = message(error.cause.server_message());
        let problem = match &error.cause {
            QrApprovalError::Scan(ScanError::NotACode) => QrProblem::NotACode,
            QrApprovalError::Scan(ScanError::OtherHost) => QrProblem::OtherHost,
            QrApprovalError::Expired { .. } => QrProblem::Expired,
            QrApprovalError::AlreadyUsed { .. } => QrProblem::AlreadyUsed,
            QrApprovalError::NotAvailable => QrProblem::NotAvailable,
            QrApprovalError::Unauthorized => QrProblem::Unauthorized,
            QrApprovalError::Uncertain(_) => QrProblem::Uncertain,
            QrApprovalError::NotConfirmed => QrProblem::NotConfirmed,
            QrApprovalError::AlreadyDecided => QrProblem::AlreadyDecided,
            QrApprovalError::Refused { .. } => return Self::Refused { server_message, correlation_id },
            QrApprovalError::Session(session) => {
                let session = session.clone();
                return error.map(|_| session).into();
            }
            QrApprovalError::Call(call) => return from_call(call, &error),
        };
        Self::Qr { problem, server_message, correlation_id, reasons: Reasons::of(&error) }
    }
}

/// Without lines if the host wrote none.
fn message(message: Option<&auth_client::ServerMessage>) -> ServerMessage {
    message.map_or(ServerMessage { lines: Vec::new() }, ServerMessage::from)
}
