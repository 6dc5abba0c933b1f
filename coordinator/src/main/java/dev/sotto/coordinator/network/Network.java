package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.SessionMeter;
import dev.sotto.coordinator.store.BlobStore;
import dev.sotto.wire.Channels;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.tls.ServedIdentity;
import dev.sotto.wire.tls.Tls;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A coordinator's port. Its threads are a fixed number, whatever the number of nodes: streams are driven by what arrives, and
 * what must wait does so without a thread.
 */
public final class Network implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int CALLS_PER_CONNECTION = 32;
    private static final int FLOW_WINDOW = 1 << 20;
    private static final int MOST_RESETS_A_MINUTE = 400;
    private static final long MOST_HANDSHAKE_MILLIS = 10_000;
    private static final int IDLE_SECONDS = 60;

    /** Less than a node waits for an answer. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(10);

    private static final long SEEN_MILLIS = 500;
    private static final int THREADS_PER_CORE = 4;

    private final Server server;
    private final NetworkReach reach;
    private final Seen seen;
    private final Traffic traffic;
    private final List<ExecutorService> threads;

    private Network(Server server, NetworkReach reach, Seen seen, Traffic traffic, List<ExecutorService> threads) {
        this.server = server;
        this.reach = reach;
        this.seen = seen;
        this.traffic = traffic;
        this.threads = threads;
    }

    /**
     * Listens.
     *
     * @param own the coordinator's certificate and key, which may be replaced
     * @param authority that signs it and all clients
     * @param meter hears of refusals that are no session's
     * @param more other services on the same port, such as the operators'; they look after who calls them
     * @throws IOException if the port is taken, or the spool folder cannot be used
     */
    public static Network start(
            NetworkSettings settings,
            ServedIdentity own,
            X509Certificate authority,
            Gate gate,
            SessionMeter meter,
            BlobStore blobs,
            List<ServerServiceDefinition> more)
            throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService calls = pool(Math.max(8, THREADS_PER_CORE * cores), "network");
        ExecutorService adding = pool(Adding.PARTS_PER_CORE * cores, "adding");
        ScheduledExecutorService timer =
                new ScheduledThreadPoolExecutor(1, named("timer"), new ThreadPoolExecutor.DiscardPolicy());
        List<ExecutorService> threads = List.of(timer, calls, adding);
        try {
            Refusals refusals = new Refusals(gate);
            Landings landings = new Landings(settings.memory(), settings.spool());
            Traffic traffic = new Traffic();
            Turns turns = new Turns(traffic::received, timer, MOST_WAIT);
            Ground ground =
                    new Ground(gate, meter, blobs, new Connections(), new TaskBook(), landings, turns, adding, timer);
            Seen seen = new Seen(gate);
            NetworkReach reach = new NetworkReach(ground, refusals, seen);
            Calls open = new Calls(refusals);
            Callers callers = new Callers(gate, open, refusals, settings);
            CertificateWatch certificates = new CertificateWatch(gate, open, calls);
            gate.onEnrolled(certificates::look);
            gate.onRevoked(client -> {
                open.end(client, Status.UNAUTHENTICATED.withDescription("client " + client + " was revoked"));
                reach.revoked(client);
            });
            NettyServerBuilder builder = builder(settings)
                    .addStreamTracerFactory(traffic)
                    .sslContext(Tls.server(
                            own,
                            authority,
                            (certificate, reason) -> refusals.note(
                                    certificate.getSubjectX500Principal().getName(),
                                    "certificate.refused",
                                    "TLS",
                                    reason)))
                    .executor(calls)
                    .addService(ServerInterceptors.intercept(new EnrolmentService(gate), callers))
                    .addService(ServerInterceptors.intercept(new WorkService(reach, refusals, settings), callers));
            more.forEach(builder::addService);
            Server server = builder.build().start();
            long beat = Math.max(50, settings.patience().toMillis() / 10);
            var unused = timer.scheduleWithFixedDelay(open::sweep, beat, beat, TimeUnit.MILLISECONDS);
            long heartbeat = settings.heartbeat().toMillis();
            unused = timer.scheduleWithFixedDelay(certificates::look, heartbeat, heartbeat, TimeUnit.MILLISECONDS);
            unused = timer.scheduleWithFixedDelay(
                    () -> calls.execute(seen::write), SEEN_MILLIS, SEEN_MILLIS, TimeUnit.MILLISECONDS);
            return new Network(server, reach, seen, traffic, threads);
        } catch (IOException | RuntimeException e) {
            threads.forEach(ExecutorService::shutdownNow);
            throw e;
        }
    }

    private static NettyServerBuilder builder(NetworkSettings settings) {
        return NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
                .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
                .withChildOption(ChannelOption.SO_KEEPALIVE, true)
                .maxInboundMessageSize(Chunks.MOST_MESSAGE_BYTES)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .flowControlWindow(FLOW_WINDOW)
                .maxRstFramesPerWindow(MOST_RESETS_A_MINUTE, 60)
                .handshakeTimeout(
                        Math.min(MOST_HANDSHAKE_MILLIS, settings.patience().toMillis()), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(2L * Channels.KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(Channels.KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(Channels.KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS);
    }

    /** So many threads; what comes after they were told to stop is for nobody. */
    private static ExecutorService pool(int size, String purpose) {
        return new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named(purpose),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private static ThreadFactory named(String purpose) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "sotto-" + purpose + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    /** How sessions reach their clients. */
    public Reach reach() {
        return reach;
    }

    /** How much has come and gone. */
    public Traffic traffic() {
        return traffic;
    }

    /** Says goodbye to all nodes, which will try again, and stops listening. */
    @Override
    public void close() {
        server.shutdown();
        Status stopped = Status.UNAVAILABLE.withDescription("the coordinator has stopped");
        reach.ground().connections().all().forEach(connection -> connection.end(stopped));
        try {
            if (!server.awaitTermination(3, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(3, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.forEach(ExecutorService::shutdownNow);
        seen.write();
    }
}
