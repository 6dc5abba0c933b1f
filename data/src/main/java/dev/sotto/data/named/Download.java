package dev.sotto.data.named;

import dev.sotto.data.DataContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** Fetches one published file; what does not have the published size and SHA-256 is deleted. */
final class Download {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int PIECE = 1 << 16;

    private Download() {}

    /**
     * Fetches into a file that does not exist yet.
     *
     * @throws IOException with a one-line reason
     */
    static void fetch(PublishedFile published, URI uri, Path into, DataContext.Progress progress) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER).build();
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT)
                .build();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new IOException(uri + " answered with status " + answer.statusCode());
                }
                save(published, uri, body, into, progress);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(uri + ": interrupted", e);
        } catch (HttpTimeoutException e) {
            throw new IOException(uri + ": no answer in time", e);
        } catch (ConnectException e) {
            boolean unknown = e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException;
            throw new IOException(uri + (unknown ? ": unknown host" : ": cannot connect"), e);
        }
    }

    private static void save(
            PublishedFile published, URI uri, InputStream body, Path into, DataContext.Progress progress)
            throws IOException {
        MessageDigest digest = sha256();
        long arrived = 0;
        try (OutputStream out = Files.newOutputStream(into)) {
            byte[] piece = new byte[PIECE];
            for (int n = read(uri, body, piece); n >= 0; n = read(uri, body, piece)) {
                arrived += n;
                if (arrived > published.size()) {
                    throw new IOException(uri + ": more than the published " + published.size() + " bytes");
                }
                digest.update(piece, 0, n);
                out.write(piece, 0, n);
                progress.update(published.name(), arrived, published.size());
            }
        }
        if (arrived != published.size()) {
            throw new IOException(uri + ": truncated, " + arrived + " of the published " + published.size() + " bytes");
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(published.sha256())) {
            throw new IOException(uri + ": SHA-256 is " + actual + ", published is " + published.sha256());
        }
    }

    /** -1 at the end; a connection that breaks off is an end too, and the size will tell. */
    private static int read(URI uri, InputStream body, byte[] piece) throws IOException {
        try {
            return body.read(piece);
        } catch (IOException e) {
            throw new IOException(uri + ": truncated, the connection broke off", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
