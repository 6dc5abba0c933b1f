package dev.sotto.simulation;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.RoundTask;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.Engine;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.ModelSpec;
import dev.sotto.privacy.ledger.BudgetExceededException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Clients in this JVM, served by resident workers: one network, one gradient and one aggregate a worker, whatever the number
 * of clients; data is shared, never copied. Workers take the clients with most examples first, so that none is left with a
 * long one at the end. Results do not depend on the number of workers: every client draws from streams of its own, and
 * aggregates merge in any order.
 */
public final class InProcessFleet implements Fleet {
    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final List<ClientProfile> profiles;
    private final int workers;
    private final ThreadLocal<LocalTraining> training;
    private final ExecutorService threads;

    /**
     * A fleet of these clients.
     *
     * @param workers how many train at once; at least 1
     * @throws IllegalArgumentException if two clients have one id
     */
    public InProcessFleet(List<Client> clients, Engine engine, ModelSpec model, int workers) {
        for (Client client : clients) {
            if (this.clients.put(client.profile().id(), client) != null) {
                throw new IllegalArgumentException(
                        "two clients are called " + client.profile().id());
            }
        }
        this.profiles = clients.stream().map(Client::profile).toList();
        this.workers = Math.max(1, Math.min(workers, clients.size()));
        this.training = ThreadLocal.withInitial(() -> new LocalTraining(engine.compile(model)));
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(this.workers, task -> {
            Thread thread = new Thread(task, "sotto-worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public List<ClientProfile> clients() {
        return profiles;
    }

    @Override
    public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
        Map<String, ClientReport> reports = new ConcurrentHashMap<>();
        List<Aggregate> parts = onWorkers(cohort, empty::fresh, (client, part) -> {
            ClientReport report = train(client, task, part);
            reports.put(report.client(), report);
            observer.finished(report);
        });
        parts.forEach(empty::merge);
        return new Collected(empty, cohort.stream().map(reports::get).toList());
    }

    private ClientReport train(Client client, RoundTask task, Aggregate part) {
        ClientProfile profile = client.profile();
        try {
            ClientUpdate update = client.train(task, training.get());
            part.add(update);
            return ClientReport.of(update, task.parameters().length);
        } catch (BudgetExceededException e) {
            return refused(client, profile, Reason.BUDGET, e.getMessage());
        } catch (RefusedUpdateException e) {
            return refused(client, profile, e.reason(), e.getMessage());
        } catch (DivergedException e) {
            return refused(
                    client,
                    profile,
                    Reason.DIVERGED,
                    "client " + profile.id() + ", round " + task.round() + ": " + e.getMessage());
        }
    }

    private static ClientReport refused(Client client, ClientProfile profile, Reason reason, String message) {
        return ClientReport.refused(profile.id(), profile.examples(), client.epsilon(), new Refusal(reason, message));
    }

    @Override
    public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
        Map<String, Evaluated> found = new ConcurrentHashMap<>();
        onWorkers(cohort, () -> found, (client, evaluations) -> {
            Optional<Evaluated> evaluation =
                    client.evaluate(task, training.get().network());
            evaluation.ifPresent(scores -> evaluations.put(client.profile().id(), scores));
        });
        Map<String, Evaluated> ordered = new LinkedHashMap<>();
        cohort.stream().filter(found::containsKey).forEach(id -> ordered.put(id, found.get(id)));
        return ordered;
    }

    /** Serves the cohort, each worker with a part of its own; what a worker throws is thrown here. */
    private <T> List<T> onWorkers(List<String> cohort, Supplier<T> part, BiConsumer<Client, T> job) {
        List<Client> heavyFirst = cohort.stream()
                .map(clients::get)
                .sorted(Comparator.comparingInt(client -> -client.profile().examples()))
                .toList();
        AtomicInteger next = new AtomicInteger();
        List<Future<T>> running = new ArrayList<>();
        for (int worker = 0; worker < Math.min(workers, cohort.size()); worker++) {
            running.add(threads.submit(() -> {
                T own = part.get();
                for (int at = next.getAndIncrement(); at < heavyFirst.size(); at = next.getAndIncrement()) {
                    job.accept(heavyFirst.get(at), own);
                }
                return own;
            }));
        }
        List<T> parts = new ArrayList<>();
        Optional<Throwable> failure = Optional.empty();
        for (Future<T> worker : running) {
            try {
                parts.add(worker.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while clients were training", e);
            } catch (ExecutionException e) {
                next.set(heavyFirst.size()); // nobody begins another client; those begun are waited for
                failure = failure.or(() -> Optional.of(e.getCause()));
            }
        }
        failure.ifPresent(InProcessFleet::rethrow);
        return parts;
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        throw new IllegalStateException(failure);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
