package b2core.auth.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import b2core.auth.AuthException;
import b2core.auth.Session;
import b2core.auth.ffi.Office;
import b2core.auth.support.Api;
import b2core.auth.support.Host;
import b2core.auth.support.MapStore;
import b2core.auth.support.User;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** What an app in Java writes. */
class JavaTest {
    @Test
    void installsAndSends() throws IOException {
        try (Host host = Host.start();
                User user = new User(host, new OkHttpTransport(new OkHttpClient(), Duration.ofSeconds(20)), new MapStore());
                Api api = new Api(null)) {
            OkHttpClient.Builder builder = new OkHttpClient.Builder();
            B2CoreOkHttp.install(builder, user.getClient(), Office.FRONT, api.url("/v1"), api.url("/v2"));
            OkHttpClient http = builder.build();
            assertEquals(200, status(http, api.url("/v2/orders")));
            assertEquals(List.of(user.token()), api.tokens("/v2/orders"));
            try (Session session = user.session()) {
                OkHttpClient one = B2CoreOkHttp.install(new OkHttpClient.Builder(), session, api.url("")).build();
                assertEquals(200, status(one, api.url("/orders")));
            }
            user.expireToken();
            host.breakRefreshes();
            AuthenticationException failed =
                    assertThrows(AuthenticationException.class, () -> status(http, api.url("/v1/orders")));
            AuthException reason = failed.getReason();
            assertTrue(reason instanceof AuthException.Network, reason.getCode());
        }
    }

    private static int status(OkHttpClient http, String url) throws IOException {
        try (Response response = http.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code();
        }
    }
}
