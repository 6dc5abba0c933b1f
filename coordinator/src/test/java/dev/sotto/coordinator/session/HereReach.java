package dev.sotto.coordinator.session;

import dev.sotto.data.Examples;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.Aggregate;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.learning.LocalTraining;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Data owners in this process, who outlive any coordinator: each has a ledger for each session, keeps what it released, and
 * sends the same again for the same model.
 */
final class HereReach implements Reach {
    private final TreeMap<String, Examples> owners;
    private final OptionalLong seed;
    private final Function<byte[], SessionPackage> packages;
    private final Map<String, Owner> sessions = new ConcurrentHashMap<>();
    private final Map<String, String> refusing = new ConcurrentHashMap<>();
    final Map<String, String> endings = new ConcurrentHashMap<>();
    final List<String> trained = new CopyOnWriteArrayList<>();

    /** Called before a client trains in a round; may block, or throw to break the fleet. */
    volatile BiConsumer<String, Integer> before = (client, round) -> {};

    HereReach(Map<String, Examples> owners, OptionalLong seed, Function<byte[], SessionPackage> packages) {
        this.owners = new TreeMap<>(owners);
        this.seed = seed;
        this.packages = packages;
    }

    void refuses(String client, String reason) {
        refusing.put(client, reason);
    }

    /** An owner's part in one session. */
    private static final class Owner {
        private final Client client;
        private final LocalTraining worker;
        private final Map<Integer, ClientUpdate> released = new LinkedHashMap<>();
        private final Map<Integer, float[]> models = new LinkedHashMap<>();

        Owner(Client client, LocalTraining worker) {
            this.client = client;
            this.worker = worker;
        }

        synchronized ClientUpdate answer(RoundTask task, Consumer<String> trains) {
            ClientUpdate before = released.get(task.round());
            if (before != null && Arrays.equals(models.get(task.round()), task.parameters())) {
                return copy(before);
            }
            trains.accept(client.profile().id() + "/" + task.round());
            ClientUpdate update = client.train(task, worker);
            released.put(task.round(), copy(update));
            models.put(task.round(), task.parameters().clone());
            return update;
        }

        private static ClientUpdate copy(ClientUpdate update) {
            return new ClientUpdate(
                    update.client(),
                    update.round(),
                    update.delta().clone(),
                    update.examples(),
                    update.steps(),
                    update.epsilon(),
                    update.metrics());
        }
    }

    /** What the client's ledger holds for a session: reserves and commits. */
    int entries(String session, String client) {
        return sessions.get(session + "/" + client).client.entries().size();
    }

    @Override
    public List<Acceptance> gather(Offer offer, int wanted, int least, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException {
        List<Acceptance> accepted = new ArrayList<>();
        owners.forEach((id, examples) -> {
            if (!offer.only().isEmpty() && !offer.only().contains(id)) {
                return;
            }
            if (refusing.containsKey(id)) {
                heard.accept(Answered.refused(id, refusing.get(id)));
            } else if (accepted.size() < wanted) {
                accepted.add(new Acceptance(
                        new ClientProfile(id, examples.size()),
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        seed.isPresent()));
                heard.accept(Answered.accepted(id));
            }
        });
        if (accepted.size() < wanted) {
            Thread.sleep(timeout.toMillis());
        }
        return accepted;
    }

    @Override
    public List<Acceptance> gatherAgain(Offer offer, int wanted, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException {
        return gather(offer, wanted, wanted, timeout, heard);
    }

    @Override
    public Fleet fleet(Offer offer, List<Acceptance> roster, RoundRules rules) {
        SessionTerms terms = packages.apply(offer.packageDigest()).terms(roster.size());
        List<ClientProfile> profiles = roster.stream().map(Acceptance::profile).toList();
        profiles.forEach(profile ->
                sessions.computeIfAbsent(offer.session() + "/" + profile.id(), name -> owner(profile, terms)));
        return new Fleet() {
            @Override
            public List<ClientProfile> clients() {
                return profiles;
            }

            @Override
            public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
                List<ClientReport> reports = new ArrayList<>();
                for (String id : cohort) {
                    ClientReport report = answer(offer.session(), id, task, empty, rules);
                    reports.add(report);
                    observer.finished(report);
                }
                return new Collected(empty, reports);
            }

            @Override
            public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
                return Map.of();
            }

            @Override
            public void close() {}
        };
    }

    private Owner owner(ClientProfile profile, SessionTerms terms) {
        Optional<ClientPrivacy> privacy = terms.plan().clientPrivacy(profile.examples());
        Client client = new Client(
                profile.id(),
                owners.get(profile.id()),
                Optional.empty(),
                terms.plan().training(),
                privacy,
                new InMemoryLedger(
                        privacy.map(own -> Map.of(profile.id(), own.budget())).orElse(Map.of())),
                seed.isPresent() ? Randomness.seeded(seed.getAsLong()) : Randomness.secret(),
                new StandardTrainer());
        return new Owner(
                client, new LocalTraining(terms.engine().compile(terms.plan().model())));
    }

    private ClientReport answer(String session, String id, RoundTask task, Aggregate empty, RoundRules rules) {
        before.accept(id, task.round());
        Owner owner = sessions.get(session + "/" + id);
        try {
            ClientUpdate update = owner.answer(task, trained::add);
            empty.add(update);
            rules.observer().accepted(id, task.round(), (long) Float.BYTES * update.delta().length, System.nanoTime());
            return ClientReport.of(update, task.parameters().length);
        } catch (BudgetExceededException e) {
            return ClientReport.refused(
                    id,
                    owner.client.profile().examples(),
                    owner.client.epsilon(),
                    new Refusal(Reason.BUDGET, e.getMessage()));
        }
    }

    @Override
    public void over(String session, String ending) {
        endings.put(session, ending);
    }

    @Override
    public Set<String> connected() {
        return owners.keySet();
    }
}
