package dev.sotto.node;

import com.google.protobuf.ByteString;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.SignedUpdates;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.UpdateHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A coordinator's end without a network: holds blobs, hears what is said, takes updates and checks their signatures. */
final class AtHand implements Uplink {
    private final Path cache;
    private final PublicKey signingKey;
    private final Map<ByteString, byte[]> blobs = new ConcurrentHashMap<>();
    private final BlockingQueue<FromNode> said = new LinkedBlockingQueue<>();
    private final BlockingQueue<Delivered> delivered = new LinkedBlockingQueue<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private volatile boolean broken;
    private volatile boolean deaf;

    AtHand(Path cache, PublicKey signingKey) {
        this.cache = cache;
        this.signingKey = signingKey;
    }

    /** An update as it arrived. */
    record Delivered(UpdateHeader header, byte[] bytes) {}

    Blob put(byte[] bytes) {
        Blob blob = Blobs.of(bytes);
        blobs.put(blob.getSha256(), bytes);
        return blob;
    }

    Blob put(float[] vector) throws IOException {
        try (InputStream in = FloatVectors.stream(vector)) {
            return put(in.readAllBytes());
        }
    }

    /** Whether deliveries fail from now on. */
    void breakOff(boolean now) {
        broken = now;
    }

    /** Has nobody be able to tell it how far a training is from now on. */
    void hearNoProgress() {
        deaf = true;
    }

    @Override
    public void send(FromNode message) {
        if (deaf && message.hasProgress()) {
            lines.add("unheard");
            throw new IllegalStateException("the connection has not begun");
        }
        if (message.hasLog()) {
            lines.addAll(message.getLog().getLineList());
        } else {
            said.add(message);
            if (message.hasRefused()) {
                answered.add(message.getRefused().getTask());
            } else if (message.hasEvaluated()) {
                answered.add(message.getEvaluated().getTask());
            }
        }
    }

    /** One at a time, as two sessions may ask for the same blob at once. */
    @Override
    public synchronized Path download(Blob blob, long most) throws IOException {
        Blobs.requireAtMost(blob, most, "blob");
        byte[] bytes = blobs.get(blob.getSha256());
        if (bytes == null) {
            throw new IOException("there is no such blob");
        }
        Path file = Files.createDirectories(cache).resolve(Blobs.hex(blob.getSha256()));
        return Files.exists(file) ? file : Files.write(file, bytes);
    }

    @Override
    public Receipt deliver(SignedUpdate update, ByteSource vector, BooleanSupplier wanted) throws IOException {
        UpdateHeader header;
        try {
            header = SignedUpdates.verified(update, signingKey);
        } catch (SignatureException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            if (broken) {
                throw new IOException("the connection is gone");
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ByteBuffer piece = ByteBuffer.allocate(1 << 12);
            for (long at = 0; at < vector.size(); at += piece.limit()) {
                vector.read(at, piece.clear());
                piece.flip();
                bytes.write(piece.array(), 0, piece.limit());
            }
            delivered.add(new Delivered(header, bytes.toByteArray()));
            return Receipt.newBuilder().setCounted(true).build();
        } finally {
            answered.add(header.getTask()); // not before: whoever waits for it looks at what was delivered next
        }
    }

    /** What is said next of that kind; other things that were said before are forgotten. */
    FromNode next(Predicate<FromNode> kind) throws InterruptedException {
        for (; ; ) {
            FromNode message = said.poll(60, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("the node says nothing");
            }
            if (kind.test(message)) {
                return message;
            }
        }
    }

    Delivered nextDelivery() throws InterruptedException {
        Delivered next = delivered.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("the node delivers nothing");
        }
        return next;
    }

    /** Waits until the node has done with a task: refused it, evaluated it, or tried to deliver. */
    void awaitEnd(String task) throws InterruptedException {
        for (int n = 0; !answered.contains(task); n++) {
            if (n == 24_000) {
                throw new AssertionError("the node does not answer task " + task);
            }
            Thread.sleep(5);
        }
    }

    /** Everything that was delivered and not taken yet. */
    List<Delivered> deliveries() {
        List<Delivered> all = new ArrayList<>();
        delivered.drainTo(all);
        return all;
    }

    boolean quiet() {
        return delivered.isEmpty();
    }

    List<String> lines() {
        return lines;
    }
}
