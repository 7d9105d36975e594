package b2core.auth.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import b2core.auth.AccessToken;
import b2core.auth.AuthClient;
import b2core.auth.AuthException;
import b2core.auth.Session;
import b2core.auth.Store;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The same from Java, without coroutines. */
class JavaTest {
    @Test
    void aSandboxInOneLine() throws Exception {
        try (Sandbox sandbox = Sandbox.start()) {
            Session session = sandbox.signInAsync(sandbox.client(), Sandbox.TOTP).get();
            AccessToken token = session.cachedAccessToken();
            assertNotNull(token);
            assertEquals(Sandbox.TOTP, sandbox.ownerOf(token));
            assertEquals(1, sandbox.requests("/2fa/google"));
            sandbox.advance(Duration.ofMinutes(16));
            assertEquals(null, sandbox.ownerOf(token));
        }
    }

    @Test
    void settingsUsersAndFaults() throws Exception {
        try (Sandbox sandbox = Sandbox.start(settings -> {
            settings.setLimits(new SandboxLimits(3));
            settings.setAccessLifetime(Duration.ofMinutes(5));
            settings.user("ann@example.org", "Hers12345", user -> user.setMustResetPassword(true));
        })) {
            sandbox.addUser("bob@example.org");
            AuthClient client = sandbox.client(Store.Memory.INSTANCE, settings -> settings.setUserAgent("java-test/1"));
            Session session = sandbox.signInAsync(client, "ann@example.org").get();
            assertEquals("ann@example.org", session.getAccount());
            assertEquals(Sandbox.NEW_PASSWORD, sandbox.passwordOf("ann@example.org"));
            List<SandboxUser> users = sandbox.getUsers();
            assertEquals("bob@example.org", users.get(users.size() - 1).getEmail());
            assertFalse(sandbox.getOutbox().isEmpty());

            sandbox.fault("wizard:status=503");
            var failed = assertThrows(ExecutionException.class, () -> sandbox.signInAsync(sandbox.client()).get());
            assertInstanceOf(AuthException.HostFailed.class, failed.getCause());
            var refused = assertThrows(SandboxException.Fault.class, () -> sandbox.fault("nonsense"));
            assertTrue(refused.getMessage().contains("ENDPOINT:ACT"));
        }
    }
}
