//! Of the library itself: every step, refused in every way, with everything logged that can be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use auth_client::http::{HttpOptions, HttpTransport};
use auth_client::ports::Clock;
use auth_client::secret::{OneTimeCode, Password, RecaptchaResponse};
use auth_client::store::{FileStore, StorePassphrase};
use auth_client::{
    AuthClient, Credentials, Limits, Office, RequestError, Session, SessionError, SignIn, SignInError,
    SignInStep, Timestamp, TwoFactorMethod,
};
use e2e::markers::Markers;
use e2e::past::block_on;
use e2e::raw_host::RawHost;
use e2e::witness;
use tempfile::TempDir;

use super::evidence::{Evidence, files};
use super::host::{
    self, EARLIER, ECHOES, Echo, GOOGLE_CODE, MAILED_CODE, NEW_PASSWORD, PASSWORD, RECAPTCHA, RESET_CODE,
    SMS_CODE,
};
use super::panics::Trap;

/// The ways in, and the places on each at which a host may refuse.
const WAYS: &[(&str, Office, &[&str])] = &[
    ("plain", Office::Front, &["start", "credentials"]),
    ("both", Office::Front, &["choose_method", "code"]),
    ("reset", Office::Front, &["reset_code", "new_password"]),
    ("staff", Office::Back, &["credentials", "mailed_code"]),
];

/// A client, its host, and what can be seen of both.
pub(crate) struct World {
    pub(crate) client: AuthClient,
    pub(crate) trap: Trap,
    pub(crate) evidence: Evidence,
    pub(crate) folder: TempDir,
    host: RawHost,
    echo: Arc<Mutex<Option<Echo>>>,
    clock: HandClock,
}

impl World {
    pub(crate) fn new(store: impl FnOnce(&std::path::Path) -> FileStore) -> Self {
        let evidence = Evidence::new();
        let echo = Arc::new(Mutex::new(None::<Echo>));
        let answers = Arc::clone(&echo);
        let host = RawHost::start(move |request| {
            let echo = *answers.lock().expect("no test panics with it");
            echo.map_or_else(|| host::good(request), |echo| echo(request))
        });
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        let trap =
            Trap::around(HttpTransport::new(HttpOptions::default()), store(&folder.path().join("store")));
        let clock = HandClock::default();
        let client = AuthClient::builder(host.url())
            .transport(trap.clone())
            .store(trap.clone())
            .clock(clock.clone())
            .limits(Limits::unlimited())
            .build()
            .expect("a client");
        Self { client, trap, evidence, folder, host, echo, clock }
    }

    fn answer_with(&self, echo: Option<Echo>) {
        *self.echo.lock().expect("no test panics with it") = echo;
    }

    /// Walks on from place to place until this one.
    pub(crate) async fn walk(&mut self, way: &str, office: Office, to: &str) -> SignIn {
        let sign_in = self.client.sign_in(office);
        while sign_in.current().name() != to {
            let step = submit(sign_in.current(), way).await.expect("the host is good");
            self.evidence.value(&step);
        }
        sign_in
    }

    pub(crate) async fn session(&mut self) -> Session {
        match self.walk("plain", Office::Front, "signed_in").await.current() {
            SignInStep::SignedIn(session) => session,
            other => panic!("at {}", other.name()),
        }
    }

    fn failed(&mut self, failed: &RequestError<SignInError>) {
        self.evidence.error(failed);
        self.evidence.texts(
            failed
                .cause
                .server_message()
                .into_iter()
                .flat_map(|server_message| server_message.lines())
                .map(String::as_str),
        );
    }

    fn ended(&mut self, failed: &RequestError<SessionError>) {
        self.evidence.error(failed);
        self.evidence.texts(
            failed
                .cause
                .server_message()
                .into_iter()
                .flat_map(|server_message| server_message.lines())
                .map(String::as_str),
        );
    }

    /// What a program shows of a place.
    fn place(&mut self, sign_in: &SignIn) {
        let step = sign_in.current();
        self.evidence.value(sign_in);
        self.evidence.value(&step);
        match &step {
            SignInStep::ChooseMethod(step) => {
                self.evidence.texts(step.options().iter().filter_map(|option| option.caption.as_deref()));
            }
            SignInStep::Code(step) => {
                self.evidence.texts(step.options().iter().filter_map(|option| option.caption.as_deref()));
            }
            SignInStep::MailedCode(step) => self.evidence.texts([step.provider()]),
            SignInStep::Unsupported(step) => self.evidence.texts([step.workflow()]),
            _ => {}
        }
    }
}

/// Does at a step what its user would.
pub(crate) async fn submit(step: SignInStep, way: &str) -> Result<SignInStep, RequestError<SignInError>> {
    match step {
        SignInStep::Start(step) => step.open().await,
        SignInStep::Credentials(step) => {
            let login = Credentials::new(host::email(way), Password::new(PASSWORD));
            step.submit(login.with_recaptcha(RecaptchaResponse::new(RECAPTCHA))).await
        }
        SignInStep::ChooseMethod(step) => step.choose(TwoFactorMethod::Sms).await,
        // First one method, then the other.
        SignInStep::Code(step) if step.method() == TwoFactorMethod::Sms => {
            step.submit(OneTimeCode::new(SMS_CODE)).await
        }
        SignInStep::Code(step) => step.submit(OneTimeCode::new(GOOGLE_CODE)).await,
        SignInStep::MailedCode(step) => step.submit(OneTimeCode::new(MAILED_CODE)).await,
        SignInStep::ResetCode(step) => step.submit(OneTimeCode::new(RESET_CODE)).await,
        SignInStep::NewPassword(step) => step.submit(Password::new(NEW_PASSWORD)).await,
        SignInStep::SignedIn(_) | SignInStep::Unsupported(_) => panic!("nothing to do there"),
    }
}

#[test]
fn of_every_step_refused_in_every_way() {
    let sealed =
        |path: &std::path::Path| FileStore::with_passphrase(path, StorePassphrase::new(host::PASSPHRASE));
    let mut world = World::new(sealed);
    block_on(async {
        for (way, office, places) in WAYS {
            for place in *places {
                let is_later = !matches!(*place, "start" | "credentials");
                let earlier = is_later.then_some(EARLIER);
                for echo in ECHOES.iter().map(|(_, echo)| *echo).chain(earlier) {
                    let sign_in = world.walk(way, *office, place).await;
                    world.answer_with(Some(echo));
                    match submit(sign_in.current(), way).await {
                        Ok(step) => world.evidence.value(&step),
                        Err(failed) => world.failed(&failed),
                    }
                    world.answer_with(None);
                    world.place(&sign_in);
                    world.clock.forward(Duration::from_secs(60 * 60));
                    sign_in.abandon().await.expect("the store works");
                }
            }
        }
        // The other method, and what follows a reset.
        let sign_in = world.walk("both", Office::Front, "code").await;
        let SignInStep::Code(step) = sign_in.current() else { panic!("a code is wanted") };
        let step = step.choose(TwoFactorMethod::Google).await.expect("it is offered");
        submit(step, "both").await.expect("the code is right");
        let sign_in = world.walk("reset", Office::Front, "new_password").await;
        let step = submit(sign_in.current(), "reset").await.expect("the password is taken");
        assert_eq!(step.name(), "credentials");
        sign_in.save().await.expect("the store works");
    });
    nothing_leaked(&world);
}

#[test]
fn of_a_session_refused_in_every_way() {
    let mut world = World::new(|path| FileStore::with_key_file(path));
    block_on(async {
        for (_, echo) in ECHOES {
            let session = world.session().await;
            world.answer_with(Some(*echo));
            match session.refresh().await {
                Ok(()) => world.evidence.value(&session),
                Err(failed) => world.ended(&failed),
            }
            world.clock.forward(Duration::from_secs(60 * 60));
            match world.client.sign_out(Office::Front).await {
                Ok(signed_out) => {
                    world.evidence.value(&signed_out);
                    signed_out.cause.iter().for_each(|error| world.evidence.error(error));
                }
                Err(failed) => world.ended(&failed),
            }
            world.answer_with(None);
        }
        let session = world.session().await;
        session.refresh().await.expect("the host is good");
        world.evidence.value(&session.access_token().await);
        world.evidence.value(&world.client.session(Office::Front).await);
    });
    let key = std::fs::read_to_string(world.folder.path().join("store.key")).expect("a key file");
    let key = Markers::of([("store's key", key.trim())]);
    let key_file = files(world.folder.path()).into_iter().filter(|(_, bytes)| key.found_in(bytes).is_some());
    assert_eq!(key_file.count(), 1, "it is in its own file only");
    assert_eq!(world.evidence.finds(&key, &world.folder.path().join("store.locks")), None);
    nothing_leaked(&world);

    // What is set aside as damaged is what was there.
    let store = world.folder.path().join("store");
    let bytes = std::fs::read(&store).expect("a store");
    std::fs::write(&store, &bytes[..bytes.len() - 9]).expect("a store");
    let mended = block_on(world.client.session(Office::Front)).expect("it is written again from memory");
    world.evidence.value(&mended);
    assert!(files(world.folder.path()).iter().any(|(name, _)| name.contains(".damaged-")));
    nothing_leaked(&world);
}

#[track_caller]
fn nothing_leaked(world: &World) {
    world.evidence.holds_none(&host::markers(), world.folder.path());
    let log = witness::seen();
    for crate_ in ["auth_http", "auth_client", "reqwest"] {
        assert!(log.contains(crate_), "{crate_} was not received:\n{log}");
    }
}

/// The search would have found them: every secret was under way.
#[test]
fn of_what_was_looked_for_nothing_was_missing() {
    let mut world = World::new(|path| FileStore::with_key_file(path));
    block_on(async {
        for (way, office, place) in [
            ("plain", Office::Front, "signed_in"),
            ("both", Office::Front, "signed_in"),
            ("reset", Office::Front, "new_password"),
            ("staff", Office::Back, "signed_in"),
        ] {
            let sign_in = world.walk(way, office, place).await;
            if place == "new_password" {
                submit(sign_in.current(), way).await.expect("the password is taken");
            }
        }
        let sign_in = world.walk("both", Office::Front, "code").await;
        let SignInStep::Code(step) = sign_in.current() else { panic!("a code is wanted") };
        submit(step.choose(TwoFactorMethod::Google).await.expect("it is offered"), "both")
            .await
            .expect("it is right");
        let session = world.session().await;
        session.refresh().await.expect("the host is good");
        let session = world.session().await;
        session.sign_out().await.expect("the store works");
    });
    let sent = |secret: &str| {
        world.host.requests().iter().any(|request| {
            let fields = request.json();
            let in_body = fields.as_object().into_iter().flatten().any(|(_, value)| value == secret);
            in_body || request.header("authorization") == Some(&format!("Bearer {secret}"))
        })
    };
    for (name, secret) in host::SENT {
        assert!(sent(secret), "the {name} was not sent");
    }
}

/// A clock that is moved by hand.
#[derive(Clone)]
struct HandClock(Arc<Mutex<Timestamp>>);

impl Default for HandClock {
    fn default() -> Self {
        Self(Arc::new(Mutex::new("2026-01-01T12:00:00Z".parse().expect("a date"))))
    }
}

impl HandClock {
    fn forward(&self, time: Duration) {
        let mut now = self.0.lock().expect("no test panics with it");
        *now = now.checked_add(time).expect("a date");
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no test panics with it")
    }

    async fn sleep(&self, how_long: Duration) {
        self.forward(how_long);
    }
}
