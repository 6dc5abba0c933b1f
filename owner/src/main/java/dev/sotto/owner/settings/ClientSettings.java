package dev.sotto.owner.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Plan;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.ClippingRule;
import dev.sotto.privacy.clipping.FlatClipping;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one client's {@code client_settings.yaml} says, in FEDn's keys. A key that is absent leaves what the session's package
 * says. With {@code epsilon} this client's noise is calibrated once, such that all its steps in {@code global_rounds} rounds
 * together spend that; an example joins a batch with probability 1/ceil(n / batch_size), and an epoch has ceil(n / batch_size)
 * steps, as there.
 *
 * @param epochs a round
 * @param batchSize logical
 * @param physicalBatchSize how many examples are computed at once
 * @param optimizer of the client
 * @param epsilon the target over all planned rounds
 * @param delta of that target
 * @param maxGradNorm per-example clipping norm
 * @param globalRounds that noise is calibrated for
 * @param hardLimit whether a round past the target is refused
 * @param accountant that calibrates, enforces and reports
 * @param words all keys and values, for the record
 */
public record ClientSettings(
        Optional<Integer> epochs,
        Optional<Integer> batchSize,
        Optional<Integer> physicalBatchSize,
        Optional<OptimizerSpec> optimizer,
        Optional<Double> epsilon,
        Optional<Double> delta,
        Optional<Double> maxGradNorm,
        Optional<Integer> globalRounds,
        boolean hardLimit,
        Optional<AccountantChoice> accountant,
        String words) {
    private static final int MOST = Integer.MAX_VALUE;

    /** Keys of Sotto's own files, as they are called here. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "rounds", "global_rounds",
            "max-grad-norm", "max_grad_norm",
            "batch-size", "batch_size",
            "physical-batch-size", "max_physical_batch_size",
            "hard-limit", "hardlimit",
            "hard_limit", "hardlimit",
            "learning_rate", "optimizer.lr",
            "lr", "optimizer.lr",
            "learning-rate", "optimizer.lr");

    /**
     * Reads the tree of such a file.
     *
     * @param file its name, for messages
     * @throws dev.sotto.formats.config.ConfigException naming the key and what would be valid
     */
    public static ClientSettings read(String file, JsonNode tree) {
        Section top = Section.root(file, tree, ELSEWHERE);
        Optional<Integer> epochs = top.integer("epochs", 1, MOST);
        Optional<Integer> batch = top.integer("batch_size", 1, MOST);
        Optional<Integer> physical = top.integer("max_physical_batch_size", 1, MOST);
        Optional<OptimizerSpec> optimizer =
                top.has("optimizer") ? Optional.of(OptimizerSettings.read(top.section("optimizer"))) : Optional.empty();
        Optional<Double> epsilon = top.number("epsilon", Interval.POSITIVE);
        Optional<Double> delta = top.number("delta", Interval.PROPORTION);
        Optional<Double> norm = top.number("max_grad_norm", Interval.POSITIVE);
        Optional<Integer> rounds = top.integer("global_rounds", 1, MOST);
        boolean hard = hardLimit(top);
        Optional<AccountantChoice> accountant = accountant(top);
        top.end();
        if (epsilon.isEmpty()) {
            for (String key : List.of("delta", "max_grad_norm", "global_rounds", "hardlimit", "accountant")) {
                if (top.has(key)) {
                    throw top.error(key, "it goes with epsilon, which is not set; set epsilon, or leave it out");
                }
            }
        }
        return new ClientSettings(
                epochs,
                batch,
                physical,
                optimizer,
                epsilon,
                delta,
                norm,
                rounds,
                hard,
                accountant,
                top.resolved().toString());
    }

    /** Written as Python writes it too: True, "false". */
    private static boolean hardLimit(Section top) {
        String word = top.text("hardlimit", "true").toLowerCase(Locale.ROOT);
        if (!word.equals("true") && !word.equals("false")) {
            throw top.error("hardlimit", "expected true or false, found '" + word + "'");
        }
        return word.equals("true");
    }

    private static Optional<AccountantChoice> accountant(Section top) {
        if (!top.has("accountant")) {
            return Optional.empty();
        }
        String name = top.text("accountant").toLowerCase(Locale.ROOT);
        if (name.equals("gdp")) {
            throw top.error(
                    "accountant",
                    "gdp is an approximation and no bound: it may state less than was spent; use prv, which is as tight"
                            + " and proven, or rdp");
        }
        if (!List.of("rdp", "prv", "pld").contains(name)) {
            throw top.error("accountant", "'" + name + "' is not one of rdp, prv, pld");
        }
        return Optional.of(name.equals("rdp") ? AccountantChoice.RDP : AccountantChoice.PLD);
    }

    /**
     * A session's terms as this client takes part in them.
     *
     * @param examples that it trains on
     * @throws IllegalArgumentException in one line, if they do not fit the session or the data
     */
    public AgreedTerms apply(AgreedTerms terms, int examples) {
        Plan plan = terms.plan();
        plan.privacy().ifPresent(packaged -> requireAsStated(packaged, plan, examples));
        TrainingSchedule training = training(plan.training(), epsilon.isPresent(), examples);
        Optional<ClientPrivacy> privacy = epsilon.map(target -> privacy(plan, training, target, examples))
                .or(() ->
                        plan.privacy().map(own -> own.forClient(examples, training, plan.rounds(), plan.evaluation())));
        return terms.with(training, privacy, words);
    }

    /** Others state what the session guarantees by its package, so nothing here may make that untrue. */
    private void requireAsStated(ExamplePrivacy packaged, Plan plan, int examples) {
        if (epsilon.isPresent() && packaged.relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            throw new IllegalArgumentException("epsilon: the session keeps the number of examples private"
                    + " (add-or-remove-one), and noise and sampling would be worked out from it here; leave it out");
        }
        Delta stated = packaged.delta().orElseGet(() -> Delta.below(examples));
        delta.filter(own -> own > stated.value()).ifPresent(own -> {
            throw new IllegalArgumentException("delta: " + own + " is more than the session's " + stated
                    + ", which goes with every epsilon that it states; it must be at most that");
        });
        if (plan.clientLevel().isPresent()) {
            requireWithinBound(packaged);
        }
    }

    /** Where clients are protected too, what is spent is not told but bounded, from what the package declares. */
    private void requireWithinBound(ExamplePrivacy packaged) {
        if (packaged.samplingRate().isPresent()
                || !packaged.hardLimit()
                || packaged.epsilon().isEmpty()) {
            String key = epsilon.isPresent()
                    ? "epsilon"
                    : epochs.isPresent() ? "epochs" : batchSize.isPresent() ? "batch_size" : "";
            if (!key.isEmpty()) {
                throw new IllegalArgumentException(key + ": the session protects clients too, and states what examples"
                        + " cost by its own noise, batch size and steps; leave it out");
            }
            return;
        }
        double most = packaged.epsilon().get().value();
        if (epsilon.filter(own -> own > most || !hardLimit).isPresent()) {
            throw new IllegalArgumentException((hardLimit ? "epsilon: " + epsilon.get() : "hardlimit: false")
                    + ": the session states that no ledger lets examples spend more than epsilon " + most
                    + "; epsilon must be at most that, and hardlimit true");
        }
    }

    private ClientPrivacy privacy(Plan plan, TrainingSchedule training, double target, int examples) {
        int rounds = globalRounds.orElse(plan.rounds());
        return asked(plan, target, examples, training.first().batchSize())
                .forClient(examples, training, rounds, plan.evaluation());
    }

    private ExamplePrivacy asked(Plan plan, double target, int examples, int batch) {
        Optional<ExamplePrivacy> packaged = plan.privacy();
        if (maxGradNorm.isEmpty() && packaged.isEmpty()) {
            throw new IllegalArgumentException("max_grad_norm: it is required with epsilon, as the session's package "
                    + "has no example-level privacy to take it from");
        }
        return new ExamplePrivacy(
                Optional.of(new Epsilon(target)),
                delta.map(Delta::new).or(() -> packaged.flatMap(ExamplePrivacy::delta)),
                Optional.empty(),
                maxGradNorm.<ClippingRule>map(FlatClipping::of).orElseGet(() -> packaged.orElseThrow()
                        .clipping()),
                packaged.map(ExamplePrivacy::clipPer).orElse(ClipPer.EXAMPLE),
                packaged.map(ExamplePrivacy::relation).orElse(NeighbouringRelation.ZERO_OUT),
                Optional.of(new SamplingRate(1.0 / batches(examples, batch))),
                packaged.map(ExamplePrivacy::noiseSchedule).orElseGet(Schedule::constant),
                packaged.map(ExamplePrivacy::clippingSchedule).orElseGet(Schedule::constant),
                accountant.orElse(AccountantChoice.RDP),
                hardLimit);
    }

    private static int batches(int examples, int batch) {
        return (examples + batch - 1) / batch;
    }

    private TrainingSchedule training(TrainingSchedule packaged, boolean compatible, int examples) {
        return new TrainingSchedule(
                own(packaged.first(), compatible, examples),
                packaged.changes().stream()
                        .map(change -> new TrainingSchedule.Change(
                                change.fromRound(), own(change.settings(), compatible, examples)))
                        .toList());
    }

    private TrainingSettings own(TrainingSettings packaged, boolean compatible, int examples) {
        int batch = batchSize.orElse(packaged.batchSize());
        if (batch > examples) {
            throw new IllegalArgumentException(
                    "batch_size: " + batch + " is more than there are examples; it must be at most that");
        }
        int passes = epochs.orElse(packaged.epochs());
        int declared = epochs.isPresent() ? 0 : packaged.steps();
        int steps = compatible && declared == 0 ? Math.multiplyExact(passes, batches(examples, batch)) : declared;
        return new TrainingSettings(
                optimizer.orElse(packaged.optimizer()),
                passes,
                steps,
                batch,
                physicalBatchSize.orElse(packaged.physicalBatchSize()),
                packaged.rateDecay());
    }
}
