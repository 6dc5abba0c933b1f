package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.Reach.Offer;
import dev.sotto.coordinator.session.Reach.RoundObserver;
import dev.sotto.coordinator.session.Reach.RoundRules;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.coordinator.session.SessionMeter;
import dev.sotto.federation.ClientProfile;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.Joined;
import dev.sotto.node.link.LinkSettings;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.Address;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Authorities;
import dev.sotto.wire.tls.ServedIdentity;
import dev.sotto.wire.tls.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** A coordinator's network on loopback, with an authority of its own and nodes that have really joined. */
final class TestNetwork implements AutoCloseable, RoundObserver {
    /**
     * A thread for each task. The common pool, which CompletableFuture takes otherwise, may have one thread for all from Java 25
     * on, and these wait for each other.
     */
    static final Executor OWN_THREAD = task -> {
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    };

    private static final byte[] PACKAGE = "a package".getBytes(StandardCharsets.UTF_8);

    final TestAuthority authority = new TestAuthority("test authority");
    final TestGate gate = new TestGate(authority, NodeKeys.generate().signing().getPublic());
    final TestBlobs blobs;
    private final Path folder;
    private final ServedIdentity server = new ServedIdentity(authority.server(), authority.certificate());
    private final Duration patience;
    private final Duration heartbeat;
    private final long memory;
    private final Map<String, Member> members = new HashMap<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    final List<RefusalKind> kinds = new CopyOnWriteArrayList<>();
    private Network network;
    private byte nextSecret;

    /** Who has joined. */
    record Member(String id, NodeKeys keys, Joined joined) {
        TlsIdentity identity() {
            return new TlsIdentity(joined.chain(), keys.tls().getPrivate());
        }
    }

    TestNetwork(Path folder) throws IOException {
        this(folder, Duration.ofSeconds(20), 64 << 20);
    }

    /** With a heartbeat so slow that nodes which say nothing for a while, because a test or its machine is busy, stay. */
    TestNetwork(Path folder, Duration patience, long memory) throws IOException {
        this(folder, patience, memory, Duration.ofSeconds(20));
    }

    TestNetwork(Path folder, Duration patience, long memory, Duration heartbeat) throws IOException {
        this.heartbeat = heartbeat;
        this.folder = folder;
        this.patience = patience;
        this.memory = memory;
        this.blobs = new TestBlobs(Files.createDirectories(folder.resolve("blobs")));
        this.network = start(0);
    }

    private Network start(int port) throws IOException {
        NetworkSettings settings = new NetworkSettings(
                "127.0.0.1", port, "test coordinator", heartbeat, patience, 8, memory, folder.resolve("spool"));
        return Network.start(settings, server, authority.certificate(), gate, new Kinds(), blobs, List.of());
    }

    /** Refusals that are no session's. */
    private final class Kinds implements SessionMeter {
        @Override
        public void refused(RefusalKind kind) {
            kinds.add(kind);
        }

        @Override
        public void accepted(long bytes) {}

        @Override
        public void committed(Duration sinceLastByte) {}
    }

    /** Stops, and begins anew on the same port, as after a crash: it remembers blobs and clients, and nothing else. */
    void restart() throws IOException {
        int port = network.port();
        network.close();
        network = start(port);
    }

    Reach reach() {
        return network.reach();
    }

    int port() {
        return network.port();
    }

    Address address() {
        return new Address("127.0.0.1", network.port());
    }

    JoinToken token(Address address) {
        byte[] secret = new byte[32];
        secret[0] = ++nextSecret;
        JoinToken token = new JoinToken(
                address, Authorities.keyDigest(authority.certificate()), secret, java.util.Optional.empty());
        gate.admit(token.text());
        return token;
    }

    Member join(String id) throws IOException {
        NodeKeys keys = NodeKeys.generate();
        Member member =
                new Member(id, keys, CoordinatorLink.join(token(address()), id, keys, "test", ProxyRules.of(Map.of())));
        members.put(id, member);
        return member;
    }

    LinkSettings settings(Member member, Address address) {
        return new LinkSettings(
                address,
                member.identity(),
                member.joined().authority(),
                ProxyRules.of(Map.of()),
                folder.resolve("cache-" + member.id()),
                1L << 30,
                "test",
                "jvm",
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofSeconds(5));
    }

    Offer offer(String session, int clients) throws IOException {
        return new Offer(session, blobs.put(PACKAGE), PACKAGE.length, clients, List.of());
    }

    static Acceptance acceptance(String id, int examples) {
        return new Acceptance(
                new ClientProfile(id, examples),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                true);
    }

    RoundRules rules(Duration timeout, int enough) {
        return new RoundRules(timeout, enough, 1L << 30, this);
    }

    /** What an operator hears, as {@code client round reason}. */
    List<String> heard() {
        return heard;
    }

    @Override
    public void refused(String client, int round, RefusalKind kind, String reason) {
        kinds.add(kind);
        heard.add(client + " " + round + " " + reason);
    }

    @Override
    public void accepted(String client, int round, long bytes, long lastByte) {
        heard.add(client + " " + round + " counted " + bytes);
    }

    @Override
    public void progressed(String client, int round, int tenths) {
        heard.add(client + " " + round + " progress " + tenths);
    }

    @Override
    public void log(String client, String line) {
        heard.add(client + " log " + line);
    }

    static ByteString digest(byte[] bytes) {
        return ByteString.copyFrom(bytes);
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come about within two minutes");
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
