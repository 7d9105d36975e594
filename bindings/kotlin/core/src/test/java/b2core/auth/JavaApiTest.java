package b2core.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import b2core.auth.ffi.NetworkProblem;
import b2core.auth.ffi.Office;
import b2core.auth.ffi.QrRisk;
import b2core.auth.ffi.RevocationStatus;
import b2core.auth.ffi.ScanSource;
import b2core.auth.support.Sandbox;
import b2core.auth.support.SandboxKt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest.Builder;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an app in Java does, without coroutines. */
final class JavaApiTest {
    private static final String PLAIN = "plain@example.com";

    @Test
    void aCodeSignInWithATypedErrorAndTheWayOn() throws Exception {
        try (Sandbox host = Sandbox.Companion.start(); AuthClient client = client(host, Store.Memory.INSTANCE)) {
            SignIn signIn = client.signIn(Office.FRONT);
            SignInStep step = signIn.getCurrent();
            while (!(step instanceof SignInStep.Code)) {
                step = next(step).join();
            }
            SignInStep.Code code = (SignInStep.Code) step;
            String email = code.getAccount();
            CompletionException wrong = assertThrows(
                CompletionException.class,
                () -> AuthFutures.submit(code, host.wrongCode(email)).join());
            AuthException.WrongCode error = assertInstanceOf(AuthException.WrongCode.class, wrong.getCause());
            assertEquals("wrong_code", error.getCode());
            assertEquals(Recovery.AskUser.INSTANCE, error.getRecovery());
            assertNotEquals(error.userMessage(Locale.ENGLISH), error.userMessage(Locale.GERMAN));
            SignInStep signedIn = AuthFutures.submit(code, host.code(email)).join();
            try (Session session = assertInstanceOf(SignInStep.SignedIn.class, signedIn).getSession()) {
                assertEquals(email, host.ownerOf(AuthFutures.accessToken(session).join().getValue()));
            }
        }
    }

    private static CompletableFuture<SignInStep> next(SignInStep step) {
        if (step instanceof SignInStep.Start start) {
            return AuthFutures.open(start);
        }
        if (step instanceof SignInStep.Credentials credentials) {
            return AuthFutures.submit(credentials, "sms@example.com", SandboxKt.PASSWORD);
        }
        if (step instanceof SignInStep.ChooseMethod choice) {
            return AuthFutures.choose(choice, choice.getOptions().get(0).getMethod());
        }
        return CompletableFuture.failedFuture(new AssertionError(step.toString()));
    }

    @Test
    void aSessionIsReadRefreshedWatchedAndSignedOut() throws Exception {
        try (Sandbox host = Sandbox.Companion.start(); AuthClient client = client(host, Store.Memory.INSTANCE)) {
            LinkedBlockingQueue<StateChange> states = new LinkedBlockingQueue<>();
            CompletableFuture<Void> watching =
                AuthFutures.authStateChanges(client, Office.FRONT, Runnable::run, states::add);
            try {
                assertEquals(AuthState.SignedOut.INSTANCE, next(states).getState());
                assertNull(AuthFutures.session(client, Office.FRONT).join());
                Session session = signedIn(client);
                assertInstanceOf(AuthState.SignedIn.class, next(states).getState());
                AccessToken first = AuthFutures.accessToken(session).join();
                assertEquals(first.getValue(), session.cachedAccessToken().getValue());
                AuthFutures.refresh(session).join();
                AccessToken second = AuthFutures.replaceRejectedToken(session, first).join();
                assertNotEquals(first.getValue(), second.getValue());
                assertNotNull(AuthFutures.accessTokenWithMinTtl(session, Duration.ofMinutes(1)).join());
                SignedOut signedOut = AuthFutures.signOut(session).join();
                assertEquals(RevocationStatus.REVOKED, signedOut.getRevocation());
                AuthState last = next(states).getState();
                while (last instanceof AuthState.SignedIn) {
                    last = next(states).getState(); // Of the refresh.
                }
                assertEquals(AuthState.SignedOut.INSTANCE, last);
                session.close();
                assertFalse(watching.isDone());
            } finally {
                watching.cancel(true);
            }
        }
    }

    @Test
    void aWatchThatCannotGoOnSaysSo() throws Exception {
        try (Sandbox host = Sandbox.Companion.start()) {
            AuthClient client = client(host, Store.Memory.INSTANCE);
            CompletionException thrown = assertThrows(CompletionException.class, () ->
                AuthFutures.authStateChanges(client, Office.FRONT, Runnable::run, state -> {
                    throw new UnsupportedOperationException("not here");
                }).join());
            assertInstanceOf(UnsupportedOperationException.class, thrown.getCause());
            client.close();
            CompletionException closed = assertThrows(CompletionException.class, () ->
                AuthFutures.authStateChanges(client, Office.FRONT, Runnable::run, state -> {}).join());
            assertInstanceOf(IllegalStateException.class, closed.getCause());
        }
    }

    private static StateChange next(LinkedBlockingQueue<StateChange> states) throws InterruptedException {
        StateChange change = states.poll(5, TimeUnit.MINUTES);
        assertNotNull(change);
        return change;
    }

    @Test
    void aStoreATransportAndAPresenceInJava() throws Exception {
        try (Sandbox host = Sandbox.Companion.start()) {
            JavaStore store = new JavaStore();
            JavaTransport transport = new JavaTransport();
            LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
            try (AuthClient client = AuthClient.create(host.getHost(), store, settings -> {
                    settings.setTransport(transport);
                    settings.setTimeout(Duration.ofSeconds(20));
                    settings.setLimits(new AttemptLimits(3, 3));
                    settings.setUserPresence(AuthFutures.userPresence(details -> {
                        asked.add(details.question(Locale.ENGLISH));
                        return CompletableFuture.completedFuture(true);
                    }));
                })) {
                Session session = signedIn(client);
                assertTrue(transport.sent.get() > 0);
                assertFalse(store.records.isEmpty());

                try (AuthClient other = client(host, Store.Memory.INSTANCE); QrSignIn display = other.qrSignIn()) {
                    LinkedBlockingQueue<QrState> states = new LinkedBlockingQueue<>();
                    CompletableFuture<Void> end = AuthFutures.states(display, Runnable::run, states::add);
                    QrCode code = assertInstanceOf(QrState.Shown.class, states.poll(5, TimeUnit.MINUTES)).getCode();
                    assertTrue(code.getMatrix().getSide() > 8 && code.getTimeLeftMillis() > 0);
                    QrRequest request = AuthFutures.inspectQr(session, code.getPayload(), ScanSource.LINK).join();
                    assertTrue(request.getDetails().getRisks().contains(QrRisk.NOT_FROM_CAMERA));
                    assertFalse(QrRisks.userMessage(QrRisk.NOT_FROM_CAMERA).isBlank());
                    AuthFutures.approve(request).join();
                    end.join();
                    assertEquals(1, asked.size());
                    QrState last = null;
                    for (QrState state : states) {
                        last = state;
                    }
                    assertInstanceOf(QrState.SignedIn.class, last);
                }

                store.locked = true;
                CompletionException locked = assertThrows(
                    CompletionException.class, () -> AuthFutures.resumeSignIn(client, Office.FRONT).join());
                assertSame(Own.THROWN, assertInstanceOf(AuthException.StoreUnavailable.class, locked.getCause()).getCause());
                store.locked = false;
                transport.broken = true;
                CompletionException offline =
                    assertThrows(CompletionException.class, () -> AuthFutures.refresh(session).join());
                AuthException.Network network = assertInstanceOf(AuthException.Network.class, offline.getCause());
                assertEquals(NetworkProblem.UNREACHABLE, network.getProblem());
                assertSame(Own.THROWN, network.getCause());
                assertEquals("the app's own transport failed", network.getReason());
                assertEquals(1, network.getReasons().size());
            }
        }
    }

    @Test
    void cancellingAFutureCancelsTheCall() throws Exception {
        try (Sandbox host = Sandbox.Companion.start(); AuthClient client = client(host, Store.Memory.INSTANCE)) {
            CompletableFuture<AuthException> refreshing = AuthFutures.autoRefresh(signedIn(client));
            assertTrue(refreshing.cancel(true));
            assertThrows(CancellationException.class, refreshing::join);
        }
    }

    @Test
    void settingsThatCannotBeUsedAreACheckedException() {
        AuthException.Setup error = assertThrows(
            AuthException.Setup.class, () -> new AuthClient("ftp://broker.example", Store.Memory.INSTANCE));
        assertFalse(error.getProblem().isBlank());
    }

    private static AuthClient client(Sandbox host, Store store) throws AuthException {
        return AuthClient.create(host.getHost(), store, settings -> settings.setUserAgent("java-test/1"));
    }

    private static Session signedIn(AuthClient client) {
        SignInStep.Start start = (SignInStep.Start) client.signIn(Office.FRONT).getCurrent();
        SignInStep step = AuthFutures.open(start)
            .thenCompose(form -> AuthFutures.submit((SignInStep.Credentials) form, PLAIN, SandboxKt.PASSWORD))
            .join();
        return ((SignInStep.SignedIn) step).getSession();
    }

    private static final class Own extends Exception {
        private static final long serialVersionUID = 1;
        static final Own THROWN = new Own(7);

        private Own(int number) {
            super("canary" + number);
        }
    }

    private static final class JavaStore extends FutureSessionStore {
        final Map<String, byte[]> records = new ConcurrentHashMap<>();
        volatile boolean locked;

        private <T> CompletionStage<T> answer(T value) {
            return locked ? unavailableNow(Own.THROWN) : CompletableFuture.completedFuture(value);
        }

        @Override
        public CompletionStage<byte[]> loadAsync(String name) {
            return answer(records.get(name));
        }

        @Override
        public CompletionStage<?> saveAsync(String name, byte[] data) {
            return answer(records.put(name, data));
        }

        @Override
        public CompletionStage<?> removeAsync(String name) {
            return answer(records.remove(name));
        }

        @Override
        public CompletionStage<? extends Collection<String>> namesAsync() {
            return answer(List.copyOf(records.keySet()));
        }
    }

    private static final class JavaTransport extends FutureTransport {
        private final HttpClient http = HttpClient.newHttpClient();
        final AtomicInteger sent = new AtomicInteger();
        volatile boolean broken;

        @Override
        public CompletionStage<HttpResponse> sendAsync(HttpRequest request) {
            sent.incrementAndGet();
            if (broken) {
                return noAnswerBecause(NetworkProblem.UNREACHABLE, Own.THROWN);
            }
            byte[] body = request.getBody();
            BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
            Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.getUrl()))
                .method(request.getMethod(), publisher);
            request.getHeaders().forEach(header -> builder.header(header.getName(), header.getValue()));
            return http.sendAsync(builder.build(), BodyHandlers.ofByteArray())
                .thenApply(answer -> new HttpResponse(answer.statusCode(), List.of(), answer.body()));
        }
    }
}
