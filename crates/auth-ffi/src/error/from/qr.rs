//! Maps the errors of QR sign-in.

use super::from_call;
use crate::{AuthError, QrProblem, ServerMessage};
use auth_client::{QrApprovalError, QrSignInError, RequestError, ScanError};

impl From<RequestError<QrSignInError>> for AuthError {
    fn from(error: RequestError<QrSignInError>) -> Self {
        let correlation_id = error.correlation_id.map(|id| id.to_string());
        let server_message = message(error.cause.server_message());
        let problem = match error.cause {
            QrSignInError::AuthorizationUsed { .. } => QrProblem::AuthorizationUsed,
            QrSignInError::AuthorizationExpired { .. } => QrProblem::Expired,
            QrSignInError::NoCode => QrProblem::NoCode,
            QrSignInError::Refused { .. } => return Self::Refused { server_message, correlation_id },
            QrSignInError::Channel(error) => return Self::Channel { problem: error.into() },
            QrSignInError::Call(error) => return from_call(&error, correlation_id),
            QrSignInError::Store(error) => return error.into(),
            QrSignInError::NotSaved(error) => {
                return Self::NotSaved { problem: error.to_string(), correlation_id };
            }
        };
        Self::Qr { problem, server_message, correlation_id }
    }
}

impl From<QrSignInError> for AuthError {
    fn from(cause: QrSignInError) -> Self {
        RequestError::from(cause).into()
    }
}

impl From<RequestError<QrApprovalError>> for AuthError {
    fn from(error: RequestError<QrApprovalError>) -> Self {
        let RequestError { cause, correlation_id: id, origin } = error;
        let correlation_id = id.as_ref().map(ToString::to_string);
        let server_message = message(cause.server_message());
        let problem = match cause {
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
            QrApprovalError::Session(cause) => {
                return RequestError { cause, correlation_id: id, origin }.into();
            }
            QrApprovalError::Call(error) => return from_call(&error, correlation_id),
        };
        Self::Qr { problem, server_message, correlation_id }
    }
}

/// Without lines if the host wrote none.
fn message(message: Option<&auth_client::ServerMessage>) -> ServerMessage {
    message.map_or(ServerMessage { lines: Vec::new() }, ServerMessage::from)
}
