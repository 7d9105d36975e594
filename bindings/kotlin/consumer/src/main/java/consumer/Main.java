package consumer;

import b2core.auth.AccessToken;
import b2core.auth.AuthClient;
import b2core.auth.AuthException;
import b2core.auth.AuthFutures;
import b2core.auth.Session;
import b2core.auth.SignInStep;
import b2core.auth.Store;
import b2core.auth.ffi.Office;
import b2core.auth.test.Sandbox;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Signs in to two hosts and uses the sessions, as an app in Java does. */
public final class Main {
    private Main() {}

    /** Ends with an exception if anything is not as it should be. */
    public static void main(String[] arguments) throws Exception {
        for (String property : new String[] {"jna.library.path", "uniffi.component.auth.libraryOverride"}) {
            require(System.getProperty(property) == null, property + " is set");
        }
        try (PlainHost host = new PlainHost(); AuthClient client = new AuthClient(host.url(), Store.Memory.INSTANCE)) {
            Session session = signIn(client, "ann@example.org", "a password");
            require(token(session).equals("access-1"), "another token");
            AuthFutures.refresh(session).join();
            require(token(session).equals("access-2"), "no new token");
            require(AuthFutures.signOut(session).join().getRevocation().name().equals("REVOKED"), "not revoked");
        }
        Path folder = Files.createTempDirectory("consumer");
        try (Sandbox host = new Sandbox()) {
            Store store = new Store.File(folder.resolve("sessions").toString());
            String before;
            try (AuthClient client = host.client(store)) {
                before = token(signIn(client, Sandbox.PLAIN, Sandbox.PASSWORD));
                require(Sandbox.PLAIN.equals(host.ownerOf(before)), "somebody else's token");
            }
            // As after another start of the app.
            try (AuthClient client = host.client(store)) {
                Session session = AuthFutures.session(client, Office.FRONT).join();
                require(token(session).equals(before), "the session was not kept");
                AuthFutures.signOut(client, Office.FRONT).join();
                require(host.ownerOf(before) == null, "the token is still good");
            }
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            System.out.println("class path: " + Path.of(entry).getFileName());
        }
        System.out.println("both hosts: signed in, refreshed, signed out");
    }

    private static Session signIn(AuthClient client, String email, String password) throws AuthException {
        SignInStep.Start start = (SignInStep.Start) client.signIn(Office.FRONT).getCurrent();
        SignInStep step = AuthFutures.open(start)
            .thenCompose(form -> AuthFutures.submit((SignInStep.Credentials) form, email, password))
            .join();
        return ((SignInStep.SignedIn) step).getSession();
    }

    private static String token(Session session) {
        AccessToken token = AuthFutures.accessToken(session).join();
        return token.getValue();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
