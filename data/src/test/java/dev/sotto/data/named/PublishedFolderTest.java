package dev.sotto.data.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a real server on the loopback address. */
final class PublishedFolderTest {
    private static final byte[] ONE = "the first file".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TWO = "the second".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private final List<String> requested = new ArrayList<>();
    private HttpServer server;
    private DataContext context;
    private Path cached;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            requested.add(path);
            byte[] content = served.get(path);
            boolean cut = served.containsKey(path + "#cut");
            exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
            if (content != null) {
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(content, 0, cut ? content.length / 2 : content.length);
                    if (cut) {
                        body.flush();
                        throw new IOException("cut off on purpose");
                    }
                }
            }
            exchange.close();
        });
        server.start();
        served.put("/base/toy/one.bin", ONE);
        served.put("/base/toy/two.bin", TWO);
        cached = folder.resolve("cache/toy");
        context = DataContext.ofSystem()
                .withOffline(false)
                .withSottoData(folder.resolve("data"))
                .withCache(folder.resolve("cache"))
                .withMirror(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/base/"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void downloadsOnceIntoTheCacheWithProgress() throws Exception {
        List<String> progress = new ArrayList<>();
        DataContext told = context.withProgress((file, bytes, total) -> progress.add(file + " " + bytes + " " + total));
        assertThat(toy().locate(told)).isEqualTo(cached.toAbsolutePath());
        assertThat(Files.readAllBytes(cached.resolve("one.bin"))).isEqualTo(ONE);
        assertThat(Files.readAllBytes(cached.resolve("two.bin"))).isEqualTo(TWO);
        assertThat(progress).contains("one.bin 140000 140000").endsWith("two.bin 10 10");
        assertThat(folder.resolve("cache")).isDirectoryNotContaining("glob:**.part");
        toy().locate(context);
        assertThat(requested).containsExactly("/base/toy/one.bin", "/base/toy/two.bin");
    }

    @Test
    void prefersWhatIsOnTheMachine() throws Exception {
        Path local = Files.createDirectories(folder.resolve("data/toy"));
        Files.write(local.resolve("one.bin"), ONE);
        assertThat(toy().locate(context)).isEqualTo(local.toAbsolutePath());
        assertThat(requested).isEmpty();
    }

    @Test
    void refusesAWrongHash() throws Exception {
        byte[] wrong = TWO.clone();
        wrong[0] ^= 1;
        served.put("/base/toy/two.bin", wrong);
        refused("SHA-256 is " + hash(wrong) + ", published is " + hash(TWO));
    }

    @Test
    void refusesMoreOrLessThanWasPublished() throws Exception {
        served.put("/base/toy/two.bin", "the second and more".getBytes(StandardCharsets.US_ASCII));
        refused("two.bin: more than the published 10 bytes");
        served.put("/base/toy/two.bin", "short".getBytes(StandardCharsets.US_ASCII));
        refused("two.bin: truncated, 5 of the published 10 bytes");
        served.put("/base/toy/one.bin#cut", new byte[0]);
        refused("one.bin: truncated, the connection broke off");
    }

    @Test
    void refusesAMissingFile() throws Exception {
        served.remove("/base/toy/one.bin");
        refused("/base/toy/one.bin answered with status 404");
    }

    @Test
    void offlineSaysInOneLineWhereToPutTheFiles() throws Exception {
        assertThatThrownBy(() -> toy().locate(context.withOffline(true)))
                .isInstanceOf(DataException.class)
                .hasMessage("toy: not on this machine and not downloaded (downloads are switched off); put one.bin and"
                        + " two.bin into " + folder.resolve("data/toy") + " or " + cached
                        + ", or set data.path to the folder that has them");
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        context = context.withMirror(URI.create("http://127.0.0.1:" + closed));
        refused("/toy/one.bin: cannot connect");
    }

    @Test
    void unpacksArchivesOfBatches() throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (String name : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")) {
            tar.write(entry("batches/" + name + ".bin", name));
        }
        tar.write(entry("../../escape.bin", "not wanted"));
        tar.write(entry("batches/test_batch.bin", "test"));
        tar.write(new byte[1024]);
        served.put("/base/toy/all.tar.gz", tar.toByteArray());
        PublishedFolder archive = new PublishedFolder(
                "toy", List.of(file("all.tar.gz", tar.toByteArray())), "batches", f -> Files.isDirectory(f));
        archive.locate(context);
        assertThat(Files.readString(cached.resolve("data_batch_3.bin"))).isEqualTo("data_batch_3");
        assertThat(cached.toFile().list()).hasSize(6);
    }

    private void refused(String reason) throws Exception {
        PublishedFolder toy = toy();
        assertThatThrownBy(() -> toy.locate(context))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("toy: not on this machine and not downloaded (http://127.0.0.1:")
                .hasMessageContaining(reason)
                .hasMessageContaining("; put one.bin and two.bin into ")
                .hasMessageNotContaining("\n");
        assertThat(cached).doesNotExist();
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    private static PublishedFolder toy() throws Exception {
        return new PublishedFolder(
                "toy",
                List.of(file("one.bin", ONE), file("two.bin", TWO)),
                "one.bin and two.bin",
                folder -> Files.exists(folder.resolve("one.bin")));
    }

    private static PublishedFile file(String name, byte[] content) throws Exception {
        return new PublishedFile(name, "http://unused.invalid/", content.length, hash(content));
    }

    private static String hash(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static byte[] entry(String name, String content) {
        byte[] bytes = new byte[1024];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, name.length());
        byte[] size = String.format("%011o", content.length()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, bytes, 124, 11);
        bytes[156] = '0';
        int sum = 8 * ' ';
        for (int i = 0; i < 512; i++) {
            sum += bytes[i];
        }
        System.arraycopy(String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII), 0, bytes, 148, 6);
        System.arraycopy(content.getBytes(StandardCharsets.US_ASCII), 0, bytes, 512, content.length());
        return bytes;
    }
}
