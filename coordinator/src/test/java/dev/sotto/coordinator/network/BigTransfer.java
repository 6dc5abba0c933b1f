package dev.sotto.coordinator.network;

import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.coordinator.session.Reach.Offer;
import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RoundTask;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.UpdateHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A model of 1 GiB passes between a coordinator and a node; to be run in a JVM of its own with a small heap. */
final class BigTransfer {
    private static final int VALUES = 1 << 28;
    private static final long BYTES = 1L << 30;

    private BigTransfer() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        try (TestNetwork network = new TestNetwork(folder, Duration.ofSeconds(60), 1 << 20)) {
            Member ann = network.join("ann");
            try (CoordinatorLink link = new CoordinatorLink(network.settings(ann, network.address()))) {
                if (arguments[0].equals("down")) {
                    down(network, link);
                } else {
                    up(network, link, ann, folder);
                }
            }
        }
    }

    private static Path values(Path file) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int block = 0; block < BYTES >> 20; block++) {
                piece.clear();
                while (piece.hasRemaining()) {
                    piece.putFloat(block + piece.position() / 4096f);
                }
                out.write(piece.flip());
            }
        }
        return file;
    }

    private static void down(TestNetwork network, CoordinatorLink link) throws Exception {
        byte[] digest;
        try (InputStream in = Files.newInputStream(values(network.blobs.folder().resolve("source")))) {
            digest = network.blobs.put(in, BYTES);
        }
        Offer offer = new Offer("s", digest, BYTES, 1, List.of());
        network.reach().gather(offer, 1, 0, Duration.ofMillis(1), answer -> {});
        Path file = link.download(Blobs.named(digest, BYTES), BYTES);
        System.out.println("downloaded " + Files.size(file));
    }

    private static void up(TestNetwork network, CoordinatorLink link, Member ann, Path folder) throws Exception {
        Fleet fleet = network.reach()
                .fleet(
                        network.offer("s", 1),
                        List.of(TestNetwork.acceptance("ann", 1)),
                        network.rules(Duration.ofMinutes(8), 0));
        Counting counting = new Counting();
        CompletableFuture<Fleet.Collected> round = CompletableFuture.supplyAsync(
                () -> fleet.run(new RoundTask(1, new float[VALUES]), List.of("ann"), counting, report -> {}),
                TestNetwork.OWN_THREAD);
        Path update = values(folder.resolve("update"));
        while (!stored(network.blobs.folder())) {
            Thread.sleep(100); // it says nothing in between, and would be taken for dead
        }
        try (RawNode node = new RawNode(network, ann, "s");
                FileChannel file = FileChannel.open(update)) {
            Task task = node.task();
            ByteSource bytes = ByteSource.of(file);
            Blob vector = Blobs.of(bytes);
            UpdateHeader header = node.header(task, new float[0], 1).toBuilder()
                    .setVector(vector)
                    .build();
            Receipt receipt = link.deliver(node.sign(header), bytes, () -> true);
            round.get(60, TimeUnit.SECONDS);
            System.out.println("delivered " + receipt.getCounted() + " " + 4L * counting.values);
        }
    }

    private static boolean stored(Path blobs) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(blobs, "[0-9a-f]*")) {
            for (Path file : files) {
                if (Files.size(file) == BYTES && !file.toString().endsWith(".tmp")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Looks at the values of one update and keeps none. */
    private static final class Counting implements Aggregate {
        private int values;
        private int updates;

        @Override
        public Aggregate fresh() {
            return new Counting();
        }

        @Override
        public void add(ClientUpdate update) {
            for (int i = 0; i < update.delta().length; i++) {
                int at = 4 * (i % (1 << 18));
                if (update.delta()[i] != (i >> 18) + at / 4096f) {
                    throw new IllegalStateException("value " + i + " is " + update.delta()[i]);
                }
            }
            values += update.delta().length;
            updates++;
        }

        @Override
        public void merge(Aggregate other) {}

        @Override
        public int updates() {
            return updates;
        }
    }
}
