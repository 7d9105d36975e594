//! The signed-in phone: what it scanned, what it shows, and the decision.

use crate::{
    RequestError, Session,
    host::{AccountScope, Exchange},
    run_to_completion::run_to_completion,
};
use auth_core::{
    CallError, Office,
    ports::TransportError,
    qr::{Approver, DecisionRejected, QrApprovalError, QrContext, QrDetails, ScanSource, ScannedCode},
    secret::AccessToken,
    session::SessionError,
};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tracing::Instrument;

type Result<T> = std::result::Result<T, RequestError<QrApprovalError>>;

/// A sign-in that waits for this phone's approval. Show its [details](Self::details), then [approve](Self::approve) or
/// [decline](Self::decline), once.
#[derive(Clone)]
pub struct QrRequest {
    session: Session,
    details: QrDetails,
    /// Taken by the decision.
    context: Arc<Mutex<Option<QrContext>>>,
}

/// What became of a decline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declined {
    /// The host was notified, and the other screen can say so.
    Sent,
    /// The host has no call for it: the code expires by itself.
    NotSent,
}

impl Session {
    /// Reads a scanned code, and asks the host what it knows of it, where that is possible
    /// ([`QrProtocol::inspect`](auth_core::qr::QrProtocol::inspect)). Nothing is approved.
    ///
    /// `scanned` is what the scanner saw: any bytes, up to 4 KiB.
    ///
    /// # Errors
    /// [`QrApprovalError::Scan`]: it is no sign-in code of this host; nothing was sent. [`QrApprovalError::NotAvailable`] at the
    /// back office, which has no QR sign-in. Else the session has no token, or the host refused, or could not be asked.
    pub async fn inspect_qr(&self, scanned: impl AsRef<[u8]>, source: ScanSource) -> Result<QrRequest> {
        if self.office() != Office::Front {
            return Err(RequestError::here(QrApprovalError::NotAvailable));
        }
        let scope = self.scope();
        let code = ScannedCode::read(scanned.as_ref(), &scope.host, source).map_err(RequestError::here)?;
        let span = scope.span("qr_inspect", Some(self.account()));
        let context = self.context(code).instrument(span).await?;
        let details = context.details().clone();
        Ok(QrRequest { session: self.clone(), details, context: Arc::new(Mutex::new(Some(context))) })
    }

    async fn context(&self, code: ScannedCode) -> Result<QrContext> {
        let scope = self.scope();
        if !scope.qr_protocol.inspect {
            return Ok(code.context(&scope.qr_protocol, self.approver()));
        }
        let mut token = self.token_for_qr().await?;
        for is_last in [false, true] {
            let (request, in_flight) = match code.clone().inspect(&scope.qr_protocol, token.clone()) {
                Ok(asked) => asked,
                Err(code) => return Ok(code.context(&scope.qr_protocol, self.approver())),
            };
            let Exchange { result, trace, .. } = scope.call(request, &self.cookie_jar()).await;
            match in_flight.resume(result, self.approver(), &scope.limits) {
                Ok(context) => return Ok(context),
                Err(QrApprovalError::Unauthorized) if !is_last => match self.another_token(&token).await? {
                    Some(another) => token = another,
                    None => return Err(RequestError::at(QrApprovalError::Unauthorized, trace)),
                },
                Err(cause) => return Err(RequestError::at(cause, trace)),
            }
        }
        unreachable!("the last try returns")
    }

    async fn token_for_qr(&self) -> Result<AccessToken> {
        self.access_token().await.map_err(of_session)
    }

    /// Another token than the one that the host has just refused, if there is one.
    async fn another_token(&self, rejected: &AccessToken) -> Result<Option<AccessToken>> {
        let another = self.replace_rejected_token(rejected).await.map_err(of_session)?;
        Ok((another.expose() != rejected.expose()).then_some(another))
    }

    fn approver(&self) -> Approver {
        let scope = self.scope();
        let last_approval = *lock(&self.account_state().last_approval);
        let (account, host) = (self.account().to_owned(), scope.host.clone());
        Approver { account, host, now: scope.clock.reading(), last_approval }
    }

    fn scope(&self) -> &AccountScope {
        &self.account_state().scope
    }
}

impl QrRequest {
    /// What to show before the user decides.
    pub fn details(&self) -> &QrDetails {
        &self.details
    }

    /// Approves: the other screen is signed in as this account. The session is refreshed first if its token has expired. The
    /// approval is sent once; it is sent again only with another token, after the host has refused the first one.
    ///
    /// # Errors
    /// [`QrApprovalError::NotConfirmed`]: the user was not there. [`QrApprovalError::Uncertain`]: it was sent, and no answer came.
    /// [`QrApprovalError::AlreadyDecided`]: this request was decided on before. After an error that says that nothing was sent,
    /// it can be called again.
    pub async fn approve(&self) -> Result<()> {
        let taken = Taken::from(self)?;
        let presence = self.session.scope().user_presence.clone();
        if let Some(presence) = presence {
            let (confirmed, origin) = match presence.confirm(&self.details).await {
                Ok(confirmed) => (confirmed, None),
                Err(cause) => (false, Some(cause)),
            };
            if !confirmed {
                return Err(RequestError { origin, ..RequestError::here(QrApprovalError::NotConfirmed) });
            }
        }
        self.decide(taken, true).await.map(drop)
    }

    /// Declines. The host is notified where that is possible ([`QrProtocol::decline`](auth_core::qr::QrProtocol::decline)); in any case
    /// this request cannot be approved any more.
    ///
    /// # Errors
    /// [`QrApprovalError::AlreadyDecided`]: it was decided on before. Else the host could not be notified.
    pub async fn decline(&self) -> Result<Declined> {
        self.decide(Taken::from(self)?, false).await
    }

    /// From here on the decision is carried out, whatever becomes of the caller.
    async fn decide(&self, taken: Taken, approves: bool) -> Result<Declined> {
        let session = self.session.clone();
        let span = session.scope().span("qr_decision", Some(session.account()));
        let work = async move { decide(&session, taken, approves).await }.instrument(span);
        // The runtime was shut down in the middle.
        let cut_off = QrApprovalError::Uncertain(CallError::Transport(TransportError::Failed));
        run_to_completion(&self.session.scope().runtime, work)
            .await
            .unwrap_or(Err(RequestError::here(cut_off)))
    }
}

async fn decide(session: &Session, mut taken: Taken, approves: bool) -> Result<Declined> {
    let scope = session.scope();
    if !approves && !scope.qr_protocol.decline {
        taken.context.take();
        return Ok(Declined::NotSent);
    }
    let mut token = session.token_for_qr().await?;
    for is_last in [false, true] {
        let context = taken.context.take().ok_or(RequestError::here(QrApprovalError::AlreadyDecided))?;
        let (request, in_flight) = if approves {
            context.approve(token.clone())
        } else {
            match context.decline(token.clone()) {
                Some(asked) => asked,
                None => return Ok(Declined::NotSent),
            }
        };
        let Exchange { result, at, trace } = scope.call(request, &session.cookie_jar()).await;
        let rejected = match in_flight.resume(result, at, &scope.limits) {
            Ok(()) => {
                tracing::info!(correlation_id = %trace, approves, "a QR sign-in was decided on");
                if approves {
                    *lock(&session.account_state().last_approval) = Some(scope.clock.reading());
                }
                return Ok(Declined::Sent);
            }
            Err(rejected) => rejected,
        };
        let DecisionRejected { cause, context } = rejected;
        taken.context = context.map(|context| *context);
        if approves && matches!(cause, QrApprovalError::Uncertain(_)) {
            *lock(&session.account_state().last_approval) = Some(scope.clock.reading());
        }
        match cause {
            QrApprovalError::Unauthorized if !is_last => match session.another_token(&token).await? {
                Some(another) => token = another,
                None => return Err(RequestError::at(QrApprovalError::Unauthorized, trace)),
            },
            cause => return Err(RequestError::at(cause, trace)),
        }
    }
    unreachable!("the last try returns")
}

fn of_session(error: RequestError<SessionError>) -> RequestError<QrApprovalError> {
    error.map(Into::into)
}

/// The context while it is decided on. It is put back if nothing was decided.
struct Taken {
    context: Option<QrContext>,
    from: Arc<Mutex<Option<QrContext>>>,
}

impl Taken {
    fn from(request: &QrRequest) -> Result<Self> {
        let context = lock(&request.context).take();
        match context {
            Some(context) => Ok(Self { context: Some(context), from: request.context.clone() }),
            None => Err(RequestError::here(QrApprovalError::AlreadyDecided)),
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        *lock(&self.from) = self.context.take();
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for QrRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrRequest").field("details", &self.details).finish_non_exhaustive()
    }
}
