package dev.sotto.coordinator.session;

import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.data.DataContext;
import dev.sotto.data.Examples;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.privacy.random.Randomness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A coordinator's sessions on files that outlive the process that runs them, with data owners that outlive both. */
final class Hosts implements AutoCloseable {
    static final String TINY = """
            name: tiny
            data: {source: generated, train: 40, test: 20, clients: 2, features: 4}
            model: logistic
            rounds: 4
            client: {batch-size: 10}
            privacy:
              example-level: {epsilon: 3, delta: 1e-3}
            """;

    private static final KeyPair KEY = SigningKey.generate();

    final Experiment experiment;
    final HereReach reach;
    private final Path home;
    private final OptionalLong seed;
    private final String url;
    private Database database;
    private SessionPackages packages;
    private SessionService service;

    Hosts(Path home, String yaml, OptionalLong seed) {
        this(home, yaml, seed, Database.inHome(home));
    }

    Hosts(Path home, String yaml, OptionalLong seed, String url) {
        this.url = url;
        this.home = home;
        this.seed = seed;
        this.experiment = Experiment.load(ExperimentFile.parse("test", Path.of(""), yaml), DataContext.ofSystem());
        Map<String, Examples> owners = new LinkedHashMap<>();
        for (ClientData client : experiment.clients()) {
            owners.put(client.id(), client.examples());
        }
        this.reach = new HereReach(owners, seed, digest -> packages.open(digest));
        open();
    }

    private void open() {
        database = Database.open(url, home);
        packages = new SessionPackages(database, KEY, 1 << 30, 1 << 30);
        service = new SessionService(
                database,
                packages,
                reach,
                "test/main",
                16,
                SessionMeter.NONE,
                DataContext.ofSystem(),
                Clock.systemUTC());
    }

    /** As if the process had been killed and another one started: what was running is let go as it is. */
    void restart() {
        service.close();
        database.close();
        open();
        service.recover();
    }

    SessionService service() {
        return service;
    }

    Database database() {
        return database;
    }

    SessionPackages packages() {
        return packages;
    }

    SessionPackages.Prepared prepared() throws IOException {
        SessionDraft draft = SessionDraft.of(experiment);
        Randomness randomness = seed.isPresent() ? Randomness.seeded(seed.getAsLong()) : Randomness.secret();
        byte[] bytes = SessionPackage.create(draft, draft.initial(randomness), SigningKey.generate());
        return packages.take(new ByteArrayInputStream(bytes), "test");
    }

    SessionSettings settings(int clients, boolean evaluate) {
        return new SessionSettings(
                clients,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                0,
                List.of(),
                seed,
                evaluate
                        ? Optional.of((com.fasterxml.jackson.databind.node.ObjectNode)
                                experiment.resolved().get("data"))
                        : Optional.empty());
    }

    String start() throws IOException {
        return service.start("test", prepared(), settings(experiment.clients().size(), false))
                .id();
    }

    /** Waits until a session is over, and its clients have heard so, which they do after it is written down. */
    SessionView over(String id) throws InterruptedException {
        SessionView view = until(id, SessionState::over);
        until(id, state -> state.word().equals(reach.endings.get(id)));
        return view;
    }

    SessionView until(String id, java.util.function.Predicate<SessionState> state) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            SessionView view = service.show(id);
            if (state.test(view.state())) {
                return view;
            }
            Thread.sleep(10);
        }
        throw new AssertionError(
                "session " + id + " is still " + service.show(id).state());
    }

    float[] model(String id) {
        return database.models().parameters(service.show(id).model());
    }

    @Override
    public void close() {
        service.close();
        database.close();
    }
}
