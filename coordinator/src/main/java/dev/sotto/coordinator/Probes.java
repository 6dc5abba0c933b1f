package dev.sotto.coordinator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What machines on this host ask a coordinator over HTTP: {@code /healthz}, whether the process lives; {@code /readyz}, whether
 * it takes work; {@code /metrics}, for Prometheus. Listens on loopback and nowhere else, and tells no secrets.
 */
final class Probes implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * Answers from now on.
     *
     * @param port 0 for any that is free
     * @param unready why it takes no work; empty if it does
     */
    Probes(int port, PrometheusMeterRegistry metrics, Supplier<Optional<String>> unready) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "probes");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/healthz", exchange -> answer(exchange, "/healthz", 200, TEXT, "ok\n"));
        server.createContext("/readyz", exchange -> {
            Optional<String> reason = unready.get();
            answer(
                    exchange,
                    "/readyz",
                    reason.isEmpty() ? 200 : 503,
                    TEXT,
                    reason.map(text -> text + "\n").orElse("ready\n"));
        });
        server.createContext("/metrics", exchange -> answer(exchange, "/metrics", 200, PROMETHEUS, metrics.scrape()));
        server.start();
    }

    private static void answer(HttpExchange exchange, String path, int status, String type, String text)
            throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            boolean get = exchange.getRequestMethod().equals("GET");
            byte[] body = (known && get ? text : known ? "only GET\n" : "not here\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(known ? get ? status : 405 : 404, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
