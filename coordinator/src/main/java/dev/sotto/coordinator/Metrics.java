package dev.sotto.coordinator;

import dev.sotto.coordinator.network.Traffic;
import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.coordinator.session.SessionMeter;
import dev.sotto.coordinator.session.SessionService;
import dev.sotto.coordinator.session.SessionView;
import dev.sotto.coordinator.store.SessionState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What Prometheus may know of a coordinator: how much of what there is, and nothing of anybody's data. */
final class Metrics implements SessionMeter, AutoCloseable {
    private static final long MOMENT_NANOS = 1_000_000_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final Map<RefusalKind, Counter> refused = new EnumMap<>(RefusalKind.class);
    private final Counter accepted;
    private final Counter acceptedBytes;
    private final Counter rounds;
    private final Timer commit;

    Metrics() {
        for (RefusalKind kind : RefusalKind.values()) {
            refused.put(
                    kind,
                    Counter.builder("sotto.updates.refused")
                            .tag("reason", kind.word())
                            .description("updates that were refused or did not come")
                            .register(registry));
        }
        accepted = Counter.builder("sotto.updates.accepted")
                .description("updates that were counted")
                .register(registry);
        acceptedBytes = Counter.builder("sotto.updates.accepted.bytes")
                .description("bytes of updates that were counted")
                .register(registry);
        rounds = Counter.builder("sotto.rounds")
                .description("rounds that this process has committed")
                .register(registry);
        commit = Timer.builder("sotto.round.commit")
                .description("from the last byte of a round's updates, as it is read, to the committed model")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    /** Shows what there is of clients and sessions. */
    void show(Reach reach, SessionService sessions) {
        Gauge.builder("sotto.clients.connected", reach, each -> each.connected().size())
                .description("nodes with an open connection")
                .register(registry);
        // Nobody else holds it: what a gauge holds weakly is gone after a collection, and it shows no number any more.
        Snapshot now = new Snapshot(sessions);
        for (SessionState state : SessionState.values()) {
            Gauge.builder("sotto.sessions", now, each -> each.count(state))
                    .strongReference(true)
                    .tag("state", state.word())
                    .description("sessions in each state")
                    .register(registry);
        }
        Gauge.builder("sotto.rounds.committed", now, Snapshot::rounds)
                .strongReference(true)
                .description("rounds committed in all sessions")
                .register(registry);
    }

    /** Shows what comes and goes on the coordinator's port. */
    void show(Traffic traffic) {
        FunctionCounter.builder("sotto.received.bytes", traffic, Traffic::received)
                .description("bytes of all calls that have come")
                .register(registry);
        FunctionCounter.builder("sotto.sent.bytes", traffic, Traffic::sent)
                .description("bytes of all calls that have gone")
                .register(registry);
    }

    /** All sessions, read once for all that is asked of them at a time. */
    private static final class Snapshot {
        private final SessionService sessions;
        private List<SessionView> views = List.of();
        private long until = System.nanoTime();

        Snapshot(SessionService sessions) {
            this.sessions = sessions;
        }

        private synchronized List<SessionView> views() {
            if (System.nanoTime() - until >= 0) {
                views = sessions.list();
                until = System.nanoTime() + MOMENT_NANOS;
            }
            return views;
        }

        double count(SessionState state) {
            return views().stream()
                    .mapToInt(view -> view.state() == state ? 1 : 0)
                    .sum();
        }

        double rounds() {
            return views().stream().mapToInt(SessionView::rounds).sum();
        }
    }

    @Override
    public void refused(RefusalKind kind) {
        refused.get(kind).increment();
    }

    @Override
    public void accepted(long bytes) {
        accepted.increment();
        acceptedBytes.increment((double) bytes);
    }

    @Override
    public void committed(Duration sinceLastByte) {
        rounds.increment();
        commit.record(sinceLastByte);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}
