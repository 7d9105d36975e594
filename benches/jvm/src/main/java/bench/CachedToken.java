package bench;

import b2core.auth.AccessToken;
import b2core.auth.AuthClient;
import b2core.auth.AuthFutures;
import b2core.auth.FutureTransport;
import b2core.auth.HttpRequest;
import b2core.auth.HttpResponse;
import b2core.auth.Session;
import b2core.auth.SignInStep;
import b2core.auth.Store;
import b2core.auth.ffi.Office;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A token that is in memory and good: what it costs to get it, in each library's own ways. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CachedToken {
    private static final String TOKEN = "x".repeat(600);

    private Session session;
    private ConfidentialClientApplication msal;
    private ClientCredentialParameters parameters;

    /** Both have the token before it begins. */
    @Setup
    public void prepare() throws Exception {
        AuthClient client = AuthClient.create(
            "https://b2core.example", Store.Memory.INSTANCE, settings -> settings.setTransport(new Scripted()));
        SignInStep.Start start = (SignInStep.Start) client.signIn(Office.FRONT).getCurrent();
        SignInStep step = AuthFutures.open(start)
            .thenCompose(form -> AuthFutures.submit((SignInStep.Credentials) form, "ann@example.org", "a password"))
            .join();
        session = ((SignInStep.SignedIn) step).getSession();

        msal = ConfidentialClientApplication.builder("client", ClientCredentialFactory.createFromSecret("secret"))
            .authority("https://login.microsoftonline.com/tenant")
            .instanceDiscovery(false)
            .build();
        msal.tokenCache().deserialize(msalCache());
        parameters = ClientCredentialParameters.builder(Set.of("api/.default")).build();
        if (!synchronous().equals(TOKEN) || !suspending().equals(TOKEN) || !msal4j().equals(TOKEN)) {
            throw new IllegalStateException("another token");
        }
    }

    /** The call for code that cannot suspend. */
    @Benchmark
    public String synchronous() {
        return session.cachedAccessToken().getValue();
    }

    /** The suspending call, as a coroutine makes it. It does not suspend here. */
    @Benchmark
    public String suspending() {
        return ((AccessToken) session.accessToken(Nobody.INSTANCE)).getValue();
    }

    /** The call for Java. */
    @Benchmark
    public String future() {
        return AuthFutures.accessToken(session).join().getValue();
    }

    /** msal4j has futures only; its caller waits. */
    @Benchmark
    public String msal4j() throws Exception {
        IAuthenticationResult result = msal.acquireToken(parameters).join();
        return result.accessToken();
    }

    /** A cache with one token of an app, in msal4j's own form. */
    private static String msalCache() {
        long now = Instant.now().getEpochSecond();
        return """
            {"AccessToken": {"-login.microsoftonline.com-accesstoken-client-tenant-api/.default": {
              "home_account_id": "", "environment": "login.microsoftonline.com", "credential_type": "AccessToken",
              "client_id": "client", "secret": "%s", "realm": "tenant", "target": "api/.default",
              "cached_at": "%d", "expires_on": "%d", "extended_expires_on": "%d"}}}
            """.formatted(TOKEN, now, now + 86_400, now + 86_400);
    }

    /** Whoever would be resumed. */
    private enum Nobody implements Continuation<AccessToken> {
        INSTANCE;

        @Override
        public CoroutineContext getContext() {
            return EmptyCoroutineContext.INSTANCE;
        }

        @Override
        public void resumeWith(Object result) {
            throw new IllegalStateException("it was suspended");
        }
    }

    /** A host that lets everybody in. */
    private static final class Scripted extends FutureTransport {
        @Override
        public CompletionStage<HttpResponse> sendAsync(HttpRequest request) {
            boolean isWizard = request.getUrl().endsWith("/wizard");
            String body = isWizard
                ? "{\"code\":200,\"data\":{\"recaptcha\":{\"enabled\":false}},\"uuid\":\"wizard-1\",\"workflow\":\"login\"}"
                : "{\"accessToken\":{\"token\":\"" + TOKEN + "\"},\"refreshToken\":{\"token\":\"refresh-1\"}}";
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return CompletableFuture.completedFuture(new HttpResponse(200, List.of(), bytes));
        }
    }
}
