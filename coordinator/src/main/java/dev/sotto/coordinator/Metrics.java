package dev.sotto.coordinator;

import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.SessionService;
import dev.sotto.coordinator.session.SessionView;
import dev.sotto.coordinator.store.SessionState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.ToDoubleFunction;

/** What Prometheus may know of a coordinator: how much of what there is, and nothing of anybody's data. */
final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();

    Metrics(Reach reach, SessionService sessions) {
        Gauge.builder("sotto.clients.connected", reach, each -> each.connected().size())
                .description("nodes with an open connection")
                .register(registry);
        for (SessionState state : SessionState.values()) {
            Gauge.builder("sotto.sessions", sessions, counting(view -> view.state() == state ? 1 : 0))
                    .tag("state", state.word())
                    .description("sessions in each state")
                    .register(registry);
        }
        Gauge.builder("sotto.rounds.committed", sessions, counting(SessionView::rounds))
                .description("rounds committed in all sessions")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    private static ToDoubleFunction<SessionService> counting(ToDoubleFunction<SessionView> each) {
        return sessions -> sessions.list().stream().mapToDouble(each).sum();
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
