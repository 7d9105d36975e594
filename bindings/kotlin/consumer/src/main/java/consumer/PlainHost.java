package consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A host by the vendor's documents that nobody of this project has written more of than is here: it lets everybody in. */
final class PlainHost implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger pairs = new AtomicInteger();

    PlainHost() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/api/v2/my/signin/wizard")) {
                say(exchange, 200, "{\"code\":200,\"data\":{\"recaptcha\":{\"enabled\":false}},\"done\":false,"
                    + "\"uuid\":\"36f59381-5b54-48bd-a0c7-3b908c476732\",\"workflow\":\"login\"}");
            } else if (path.equals("/api/v2/my/signin") || path.equals("/api/v2/my/refresh")) {
                say(exchange, 200, pair(pairs.incrementAndGet()));
            } else if (path.equals("/api/v2/my/signout")) {
                say(exchange, 204, "");
            } else {
                say(exchange, 404, "");
            }
        }
    }

    private static String pair(int number) {
        return "{\"accessToken\":{\"token\":\"access-" + number + "\",\"expires\":\"2099-01-01T00:00:00Z\"},"
            + "\"refreshToken\":{\"token\":\"refresh-" + number + "\",\"expires\":\"2099-01-02T00:00:00Z\"}}";
    }

    private static void say(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
