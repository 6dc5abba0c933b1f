package dev.sotto.owner.trial;

import dev.sotto.experiment.SessionTerms;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.learning.Batch;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Network;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A session's training on mock data, as the owner's node would do it: the same client, plan, clipping and noise, with a ledger
 * that lives in memory and is thrown away. Only this client's own updates move the model. It opens no file of the owner, so
 * no record is read and nothing is spent. Randomness comes from a seed and protects nothing, as there is nothing to protect.
 */
public final class MockRun {
    private static final String NOBODY = "mock";
    private static final int SCORING_BATCH = 256;

    private final SessionTerms terms;
    private final AgreedTerms agreed;
    private final MockData data;
    private final long seed;

    private MockRun(SessionTerms terms, AgreedTerms agreed, MockData data, long seed) {
        this.terms = terms;
        this.agreed = agreed;
        this.data = data;
        this.seed = seed;
    }

    /**
     * A round of it.
     *
     * @param number from 1
     * @param seconds that training took
     * @param epsilon that the session would have spent after it, had these been records; empty without example-level privacy
     * @param accuracy on mock data that was not trained on; empty where there are no classes
     * @param loss there
     */
    public record Round(int number, double seconds, OptionalDouble epsilon, OptionalDouble accuracy, double loss) {}

    /**
     * What it showed.
     *
     * @param origin of the mock data
     * @param examples trained on
     * @param rounds that were run, in order
     * @param planned rounds of the session
     * @param before accuracy of the model that training would begin with; empty where there are no classes
     * @param peakMemory most bytes of Java's heap that were in use, data and all
     * @param updateBytes what would have left in a round
     * @param updateNorm length of the last update, as it would have left: what the noise and the bound leave of it
     */
    public record Outcome(
            String origin,
            int examples,
            List<Round> rounds,
            int planned,
            OptionalDouble before,
            long peakMemory,
            long updateBytes,
            double updateNorm) {
        public Outcome {
            rounds = List.copyOf(rounds);
        }

        /** Seconds that a round takes once the machine has warmed up: the median of those after the first. */
        public double secondsPerRound() {
            double[] sorted = rounds.stream()
                    .skip(rounds.size() > 1 ? 1 : 0)
                    .mapToDouble(Round::seconds)
                    .sorted()
                    .toArray();
            return sorted[sorted.length / 2];
        }

        /** The same for all rounds of the session. */
        public double secondsInAll() {
            return secondsPerRound() * planned;
        }
    }

    /**
     * A run that is ready to go.
     *
     * @param clients that the session is planned for
     * @param settings of the owner, if there are any
     * @param seed of batches and noise
     * @throws IllegalArgumentException in one line, if the terms do not fit the mock data
     */
    public static MockRun of(
            SessionTerms terms, int clients, Optional<ClientSettings> settings, MockData data, long seed) {
        int examples = data.examples().size();
        terms.misfit(new ClientProfile(NOBODY, examples)).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
        AgreedTerms packaged = AgreedTerms.of(
                new SessionKey(NOBODY, NOBODY),
                NOBODY,
                NOBODY,
                NOBODY,
                clients,
                terms.plan(),
                terms.strategy().method(),
                examples);
        AgreedTerms agreed = settings.map(own -> own.apply(packaged, examples)).orElse(packaged);
        return new MockRun(terms, agreed, data, seed);
    }

    /**
     * Runs.
     *
     * @param initial parameters to begin with; not written to
     * @param rounds how many, at most those planned
     * @param progress is told how it goes on, and may end it
     */
    public Outcome run(float[] initial, int rounds, MockProgress progress) {
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
        LocalTraining worker =
                new LocalTraining(terms.engine().compile(agreed.plan().model()));
        Client client = client();
        float[] model = initial.clone();
        Optional<UpdateRelease> release = release();
        progress.begins(this, accuracy(score(model, worker.network())));
        for (int round = 1; round <= Math.min(rounds, agreed.plan().rounds()); round++) {
            int number = round;
            worker.watched((done, of) -> progress.step(number, done, of));
            long start = System.nanoTime();
            ClientUpdate trained =
                    client.train(new RoundTask(round, model, agreed.method(), new float[0], release), worker);
            double seconds = (System.nanoTime() - start) / 1e9;
            float[] update = trained.delta();
            for (int i = 0; i < model.length; i++) {
                model[i] += update[i];
            }
            Evaluation scores = score(model, worker.network());
            progress.ends(new Round(round, seconds, trained.epsilon(), accuracy(scores), scores.loss()), update);
        }
        return progress.seen().orElseThrow();
    }

    /** What such rounds show. */
    Outcome outcome(List<Round> done, OptionalDouble before, float[] update) {
        long peak =
                heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        return new Outcome(
                data.origin(),
                data.examples().size(),
                done,
                agreed.plan().rounds(),
                before,
                peak,
                (long) Float.BYTES * update.length,
                norm(update));
    }

    private Client client() {
        return new Client(
                NOBODY,
                NOBODY,
                data.examples(),
                Optional.empty(),
                agreed.training(),
                agreed.privacy(),
                new InMemoryLedger(agreed.budget()),
                Randomness.seeded(seed),
                new StandardTrainer());
    }

    private Optional<UpdateRelease> release() {
        return agreed.clientLevel().flatMap(plan -> plan.mechanism(
                        agreed.plan().model().layout(),
                        agreed.method().width(agreed.plan().model().layout().size()),
                        Randomness.seeded(seed))
                .atClients());
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isValid())
                .toList();
    }

    private Evaluation score(float[] model, Network network) {
        int[] indices = new int[data.test().size()];
        Arrays.setAll(indices, i -> i);
        Evaluation all = Evaluation.NONE;
        for (int from = 0; from < indices.length; from += SCORING_BATCH) {
            int to = Math.min(indices.length, from + SCORING_BATCH);
            all = all.plus(network.evaluate(model, new Batch(data.test(), indices, from, to, 0)));
        }
        return all;
    }

    private OptionalDouble accuracy(Evaluation scores) {
        return terms.contract().hasClasses() ? OptionalDouble.of(scores.accuracy()) : OptionalDouble.empty();
    }

    private static double norm(float[] update) {
        double squares = 0;
        for (float value : update) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
