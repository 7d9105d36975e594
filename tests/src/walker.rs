//! A sign-in in this process, over real HTTP: to the office of any endpoint, through it, and on to the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth_client::http::{HttpOptions, HttpTransport};
use auth_client::ports::{Transport, TransportFailure};
use auth_client::secret::{OneTimeCode, Password};
use auth_client::store::MemoryStore;
use auth_client::{
    AuthClient, Credentials, Office, RequestError, SignIn, SignInError, SignInStep, TwoFactorMethod,
};
use auth_client::{HttpRequest, HttpResponse};
use auth_sandbox::{Limits, Sandbox};
use tokio::sync::Notify;

use crate::codes::app_code_at;
use crate::hand_clock::HandClock;

/// The password of every user before and after each walk.
pub const PASSWORD: &str = "Secret123";

/// A sign-in's endpoint, met in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointCase {
    /// `GET /my/signin/wizard`
    Wizard,
    /// `POST /my/signin`, which issues tokens at once.
    SignIn,
    /// `POST /my/signin`, which sends an SMS.
    SignInWithCode,
    /// `POST /my/signin/2fa`
    ChooseMethod,
    /// `POST /my/2fa/google`
    CheckGoogle,
    /// `POST /my/2fa/sms`
    CheckSms,
    /// `POST /my/signin/password/restore`
    RestorePassword,
    /// `POST /my/signin/password/reset`
    ResetPassword,
    /// `POST /signin`
    BackSignIn,
    /// `POST /2fa/confirm`
    ConfirmMailedCode,
}

impl EndpointCase {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Wizard,
        Self::SignIn,
        Self::SignInWithCode,
        Self::ChooseMethod,
        Self::CheckGoogle,
        Self::CheckSms,
        Self::RestorePassword,
        Self::ResetPassword,
        Self::BackSignIn,
        Self::ConfirmMailedCode,
    ];

    /// The user, the endpoint in a fault's words, the end of its path, and the step that leads through it.
    fn info(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Wizard => ("plain@example.com", "wizard", "/my/signin/wizard", "start"),
            Self::SignIn => ("plain@example.com", "front/sign_in", "/my/signin", "credentials"),
            Self::SignInWithCode => ("sms@example.com", "front/sign_in", "/my/signin", "credentials"),
            Self::ChooseMethod => ("both@example.com", "choose_method", "/my/signin/2fa", "choose_method"),
            Self::CheckGoogle => ("totp@example.com", "check_google", "/my/2fa/google", "code"),
            Self::CheckSms => ("sms@example.com", "check_sms", "/my/2fa/sms", "code"),
            Self::RestorePassword => {
                ("reset@example.com", "restore_password", "/my/signin/password/restore", "reset_code")
            }
            Self::ResetPassword => {
                ("reset@example.com", "reset_password", "/my/signin/password/reset", "new_password")
            }
            Self::BackSignIn => ("admin@example.com", "back/sign_in", "/v2/signin", "credentials"),
            Self::ConfirmMailedCode => {
                ("admin@example.com", "confirm_mailed_code", "/v2/2fa/confirm", "mailed_code")
            }
        }
    }

    /// Whose sign-in comes to this office.
    pub fn email(self) -> &'static str {
        self.info().0
    }

    /// The endpoint, as a fault names it.
    pub fn endpoint(self) -> &'static str {
        self.info().1
    }

    /// The end of the endpoint's path.
    pub fn path(self) -> &'static str {
        self.info().2
    }

    /// The name of the step before it.
    pub fn step(self) -> &'static str {
        self.info().3
    }

    /// The office.
    pub fn office(self) -> Office {
        match self {
            Self::BackSignIn | Self::ConfirmMailedCode => Office::Back,
            _ => Office::Front,
        }
    }
}

/// A transport that is patient until it is notified to be hasty, and hands on what it gets unless it is notified to withhold it.
#[derive(Clone)]
pub struct Pace {
    patient: Arc<HttpTransport>,
    hasty: Arc<HttpTransport>,
    in_haste: Arc<AtomicBool>,
    withholds: Arc<AtomicBool>,
    withheld: Arc<Notify>,
}

impl Pace {
    /// The time that a hasty request has.
    pub const HASTE: Duration = Duration::from_secs(2);

    fn new(options: &HttpOptions) -> Self {
        let patient = options.clone().total_timeout(crate::waiting::GUARD);
        Self {
            patient: Arc::new(HttpTransport::new(patient)),
            hasty: Arc::new(HttpTransport::new(options.clone().total_timeout(Self::HASTE))),
            in_haste: Arc::default(),
            withholds: Arc::default(),
            withheld: Arc::default(),
        }
    }
}

#[async_trait]
impl Transport for Pace {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        let hasty = self.in_haste.load(Ordering::SeqCst);
        let result = if hasty { self.hasty.send(request).await } else { self.patient.send(request).await };
        if self.withholds.load(Ordering::SeqCst) {
            self.withheld.notify_one();
            std::future::pending().await
        }
        result
    }
}

/// A user in front of a sandbox, with a device of their own for each walk.
pub struct Walker {
    /// The host.
    pub sandbox: Sandbox,
    /// The devices' clock.
    pub clock: HandClock,
    pace: Pace,
}

impl Walker {
    /// In front of a sandbox without limits.
    pub fn new() -> Self {
        Self::at(Sandbox::builder().limits(Limits::off()).start().expect("a sandbox starts"))
    }

    /// In front of this sandbox.
    pub fn at(sandbox: Sandbox) -> Self {
        let mut options = HttpOptions::default();
        if let Some(root) = sandbox.ca_pem() {
            options = options.extra_roots_pem(root.as_bytes()).expect("the sandbox's root is a certificate");
        }
        Self { sandbox, clock: HandClock::default(), pace: Pace::new(&options) }
    }

    /// A new device: an empty store. What went wrong before is over.
    pub fn device(&self) -> AuthClient {
        self.sandbox.clear_faults();
        self.sandbox.force_reset(EndpointCase::ResetPassword.email());
        let client = AuthClient::builder(self.sandbox.url()).transport(self.pace.clone());
        client.clock(self.clock.clone()).store(MemoryStore::new()).build().expect("the host is good")
    }

    /// Brings a new sign-in before a office.
    pub async fn to(&self, client: &AuthClient, case: EndpointCase) -> SignIn {
        let sign_in = client.sign_in(case.office());
        while sign_in.current().name() != case.step() {
            self.act(&sign_in.current(), case).await.unwrap_or_else(|failed| panic!("{case:?}: {failed:?}"));
        }
        sign_in
    }

    /// Does at this step what leads on.
    pub async fn act(
        &self,
        step: &SignInStep,
        case: EndpointCase,
    ) -> Result<SignInStep, RequestError<SignInError>> {
        let sent = || self.sandbox.last_code(case.email()).expect("a code was sent");
        match step {
            SignInStep::Start(start) => start.open().await,
            SignInStep::Credentials(form) => {
                form.submit(Credentials::new(case.email(), Password::new(PASSWORD))).await
            }
            SignInStep::ChooseMethod(choice) => choice.choose(TwoFactorMethod::Sms).await,
            SignInStep::Code(code) if code.method() == TwoFactorMethod::Google => {
                // A code of the app is good once only.
                self.sandbox.advance(Duration::from_secs(31));
                let secret = self.sandbox.totp_secret(case.email()).expect("the user has an app");
                code.submit(OneTimeCode::new(app_code_at(&secret, self.sandbox.now().as_second()))).await
            }
            SignInStep::Code(code) => code.submit(OneTimeCode::new(sent())).await,
            SignInStep::MailedCode(code) => code.submit(OneTimeCode::new(sent())).await,
            SignInStep::ResetCode(code) => code.submit(OneTimeCode::new(sent())).await,
            SignInStep::NewPassword(form) => form.submit(Password::new(PASSWORD)).await,
            SignInStep::SignedIn(_) | SignInStep::Unsupported(_) => {
                panic!("nothing to do at {}", step.name())
            }
        }
    }

    /// The same in haste: it has [`Pace::HASTE`] for each request.
    pub async fn act_in_haste(
        &self,
        step: &SignInStep,
        case: EndpointCase,
    ) -> Result<SignInStep, RequestError<SignInError>> {
        self.pace.in_haste.store(true, Ordering::SeqCst);
        let result = self.act(step, case).await;
        self.pace.in_haste.store(false, Ordering::SeqCst);
        result
    }

    /// The same, but gives the call up when the host has answered and nobody has received it.
    pub async fn act_and_leave(&self, step: &SignInStep, case: EndpointCase) {
        self.pace.withholds.store(true, Ordering::SeqCst);
        tokio::select! {
            result = self.act(step, case) => panic!("an answer came: {:?}", result.map(|step| step.name())),
            () = self.pace.withheld.notified() => {}
        }
        self.pace.withholds.store(false, Ordering::SeqCst);
    }

    /// Goes on to the end.
    pub async fn finish(&self, sign_in: &SignIn, case: EndpointCase) {
        while sign_in.current().name() != "signed_in" {
            let step = sign_in.current();
            if let Err(failed) = self.act(&step, case).await {
                panic!("{case:?} at {}: {failed:?}", step.name());
            }
        }
    }

    /// How many requests went through this office so far.
    pub fn through(&self, case: EndpointCase) -> usize {
        self.sandbox.requests().iter().filter(|request| request.path.ends_with(case.path())).count()
    }
}

impl Default for Walker {
    fn default() -> Self {
        Self::new()
    }
}
