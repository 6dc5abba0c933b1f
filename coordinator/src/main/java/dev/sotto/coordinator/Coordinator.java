package dev.sotto.coordinator;

import dev.sotto.coordinator.identity.Identities;
import dev.sotto.coordinator.network.AccessTokens;
import dev.sotto.coordinator.network.Network;
import dev.sotto.coordinator.network.NetworkSettings;
import dev.sotto.coordinator.operator.OperatorService;
import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.coordinator.session.SessionService;
import dev.sotto.data.DataContext;
import io.grpc.ServerInterceptors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A whole coordinator: its home, its port for nodes and operators, its sessions, and its probes. It binds its ports first and
 * goes on with sessions then, so that a process that cannot serve touches nothing.
 */
public final class Coordinator implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Coordinator.class.getName());
    private static final int WAITING_THREADS = 16;

    private final CoordinatorHome home;
    private final LateReach reach = new LateReach();
    private final SessionService sessions;
    private final ExecutorService waiting;
    private final Metrics metrics = new Metrics();
    private final SessionPackages packages;
    private Optional<ServerCertificate> certificate = Optional.empty();
    private Network network;
    private Probes probes;
    private volatile State state = State.STARTING;

    /** Where in its life it is. */
    public enum State {
        /** Ports are being bound. */
        STARTING,
        /** It takes work. */
        READY,
        /** Rounds that are on come to their end; nothing begins. */
        DRAINING,
        /** It is over. */
        STOPPED
    }

    /**
     * How a coordinator runs, besides what its home says.
     *
     * @param probes port of the probes on loopback; 0 for any that is free
     */
    public record Options(int probes) {
        /** The port of the probes, if nobody says. */
        public static final int PROBES = 9464;
    }

    private Coordinator(CoordinatorHome home) {
        this.home = home;
        CoordinatorSettings.Limits limits = home.settings().limits();
        this.packages =
                new SessionPackages(home.database(), home.packageKey(), limits.packageBytes(), limits.modelBytes());
        this.sessions = new SessionService(
                home.database(),
                packages,
                reach,
                home.owner(),
                limits.sessions(),
                metrics,
                DataContext.ofSystem(),
                Clock.systemUTC());
        AtomicInteger number = new AtomicInteger();
        this.waiting = Executors.newFixedThreadPool(WAITING_THREADS, task -> {
            Thread thread = new Thread(task, "sotto-operator-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        metrics.show(reach, sessions);
    }

    /**
     * Starts a coordinator.
     *
     * @throws dev.sotto.formats.config.ConfigException if the home cannot be opened
     * @throws IOException if a port cannot be had, in one line
     */
    public static Coordinator start(Path home, Options options) throws IOException {
        Coordinator coordinator = new Coordinator(CoordinatorHome.open(home));
        boolean started = false;
        try {
            coordinator.bind(options);
            started = true;
            return coordinator;
        } finally {
            if (!started) {
                coordinator.close();
            }
        }
    }

    private void bind(Options options) throws IOException {
        OperatorService operators = new OperatorService(
                home.settings().id(), home.database(), home.identities(), sessions, packages, reach, waiting);
        ServerCertificate own = new ServerCertificate(home);
        certificate = Optional.of(own);
        probes = new Probes(options.probes(), metrics.registry(), this::unready);
        network = Network.start(
                NetworkSettings.of(
                        home.settings().listen(),
                        home.settings().port(),
                        home.settings().id(),
                        home.path().resolve("spool")),
                own.shown(),
                own.authority(),
                home.identities(),
                metrics,
                home.database().blobs(),
                List.of(ServerInterceptors.intercept(operators, new AccessTokens(home.identities()))));
        reach.is(network.reach());
        metrics.show(network.traffic());
        if (home.settings().port() == 0) {
            home.listensAt(address());
        }
        home.database()
                .audit()
                .append("coordinator", "coordinator started", home.settings().id(), "");
        int found = sessions.recover();
        state = State.READY;
        LOG.log(
                Level.INFO,
                "coordinator {0} listens on port {1}, probes on port {2}; {3} sessions go on",
                new Object[] {home.settings().id(), String.valueOf(network.port()), String.valueOf(probes.port()), found
                });
    }

    private Optional<String> unready() {
        return switch (state) {
            case STARTING -> Optional.of("starting");
            case DRAINING -> Optional.of("shutting down: rounds that are on come to their end");
            case STOPPED -> Optional.of("stopped");
            case READY -> home.database().trouble();
        };
    }

    /** Where in its life it is. */
    public State state() {
        return state;
    }

    /** Where nodes and operators find it: the first of its names, and the port that it listens on. */
    public String address() {
        String configured = home.settings().address();
        return configured.substring(0, configured.lastIndexOf(':') + 1) + network.port();
    }

    /** The port of the probes. */
    public int probes() {
        return probes.port();
    }

    /** Its sessions. */
    public SessionService sessions() {
        return sessions;
    }

    /** What sessions begin with. */
    SessionPackages packages() {
        return packages;
    }

    /** Who may come in. */
    Identities identities() {
        return home.identities();
    }

    /** How its clients are reached. */
    public Reach reach() {
        return reach;
    }

    /**
     * Ends gracefully: begins nothing, gives rounds that are on that long to end, and closes. Sessions go on at the next start.
     */
    public void drain(Duration grace) {
        state = State.DRAINING;
        LOG.log(Level.INFO, "shutting down: rounds that are on have {0} s to end", grace.toSeconds());
        boolean whole = sessions.drain(grace);
        LOG.log(Level.INFO, whole ? "all rounds have ended" : "a round was left: it is run again at the next start");
        close();
    }

    /** Ends at once. What is committed stays. */
    @Override
    public synchronized void close() {
        if (state == State.STOPPED) {
            return;
        }
        state = State.STOPPED;
        sessions.close();
        if (network != null) {
            network.close();
        }
        if (probes != null) {
            probes.close();
        }
        certificate.ifPresent(ServerCertificate::close);
        waiting.shutdownNow();
        metrics.close();
        home.close();
    }
}
