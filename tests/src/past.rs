//! Sign-ins made minutes ago, and tries made later, without waiting: the library on a clock that is moved, in the store of a
//! [`Shell`].

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use auth_client::ports::{Clock, SessionStore};
use auth_client::secret::Password;
use auth_client::store::FileStore;
use auth_client::{
    AuthClient, BootTime, Credentials, Office, Session, SignIn, SignInStep, SignedDuration, SystemClock,
    Timestamp,
};

use crate::shell::Shell;

/// The system's clocks, moved: to the past if negative.
struct Moved(SignedDuration);

#[async_trait]
impl Clock for Moved {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_add(self.0).expect("the moment is representable")
    }

    /// Where the machine has been up for so long; before that nobody knows.
    fn boot_time(&self) -> Option<BootTime> {
        let now = SystemClock.boot_time()?;
        let elapsed = SignedDuration::try_from(now.elapsed).ok()?.checked_add(self.0)?;
        Some(BootTime { elapsed: Duration::try_from(elapsed).ok()?, ..now })
    }

    async fn sleep(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }
}

/// Signs in as this user did `ago`, and leaves the session in the shell's default store.
pub fn sign_in(shell: &Shell, host: &str, email: &str, ago: Duration) -> Session {
    match after_the_password(shell, host, email, ago).current() {
        SignInStep::SignedIn(session) => session,
        other => panic!("the sign-in stands at {}", other.name()),
    }
}

/// The same with a store of one's own.
pub async fn sign_in_to(
    store: impl SessionStore + 'static,
    host: &str,
    email: &str,
    ago: Duration,
) -> Session {
    let by = -SignedDuration::try_from(ago).expect("a short time");
    let client = AuthClient::builder(host).clock(Moved(by)).store(store).build().expect("the host is good");
    match enter_password(&client, email).await.current() {
        SignInStep::SignedIn(session) => session,
        other => panic!("the sign-in stands at {}", other.name()),
    }
}

/// Enters e-mail and password as this user did `ago`, and leaves the step in the shell's default store.
pub fn after_the_password(shell: &Shell, host: &str, email: &str, ago: Duration) -> SignIn {
    block_on(enter_password(&client(shell, host, ago), email))
}

async fn enter_password(client: &AuthClient, email: &str) -> SignIn {
    let sign_in = client.sign_in(Office::Front);
    if let SignInStep::Start(start) = sign_in.current() {
        start.open().await.expect("the wizard opens");
    }
    if let SignInStep::Credentials(form) = sign_in.current() {
        form.submit(Credentials::new(email, Password::new("Secret123")))
            .await
            .expect("the password is right");
    }
    sign_in
}

/// Enters a wrong password as somebody did `ago`, so often.
pub fn wrong_passwords(shell: &Shell, host: &str, email: &str, ago: Duration, times: u32) {
    let client = client(shell, host, ago);
    block_on(async {
        for _ in 0..times {
            let sign_in = client.sign_in(Office::Front);
            let SignInStep::Start(start) = sign_in.current() else { continue };
            let Ok(SignInStep::Credentials(form)) = start.open().await else { panic!("the wizard opens") };
            form.submit(Credentials::new(email, Password::new("wrong")))
                .await
                .expect_err("the password is wrong");
        }
    });
}

/// The library at the shell's default store, `ago`.
pub fn client(shell: &Shell, host: &str, ago: Duration) -> AuthClient {
    moved(shell, host, -SignedDuration::try_from(ago).expect("a short time"))
}

/// The library at the shell's default store, as it will be after this time.
pub fn future(shell: &Shell, host: &str, ahead: Duration) -> AuthClient {
    moved(shell, host, SignedDuration::try_from(ahead).expect("a short time"))
}

fn moved(shell: &Shell, host: &str, by: SignedDuration) -> AuthClient {
    let client = AuthClient::builder(host).clock(Moved(by)).store(FileStore::with_key_file(shell.store()));
    client.build().expect("the host is good")
}

/// Runs async code on this thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime starts").block_on(work)
}
