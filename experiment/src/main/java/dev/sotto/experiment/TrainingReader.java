package dev.sotto.experiment;

import dev.sotto.federation.TrainingSchedule;
import dev.sotto.federation.TrainingSchedule.Change;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the section {@code client}. */
final class TrainingReader {
    private static final int MOST = Integer.MAX_VALUE;
    private static final int MOST_CHANGES = 1000;
    private static final Interval DECAY = new Interval(0, 1, false);

    private TrainingReader() {}

    /**
     * Reads the section.
     *
     * @param examplePrivate whether examples are protected: then the batch size stays, as the sampling rate follows from it
     */
    static TrainingSchedule read(Section client, boolean examplePrivate) {
        int batch = client.integer("batch-size", 32, 1, MOST);
        TrainingSettings first = new TrainingSettings(
                optimizer(client.section("optimizer")),
                client.integer("epochs", 1, 1, MOST),
                client.integer("steps", 0, 0, MOST),
                batch,
                client.integer("physical-batch-size", Math.min(batch, 256), 1, MOST),
                client.number("rate-decay", 1, new Interval(0, 1, false)));
        List<Change> changes = new ArrayList<>();
        if (client.has("schedule")) {
            List<Section> phases = client.sections("schedule");
            if (phases.size() > MOST_CHANGES) {
                throw client.error("schedule", "it has " + phases.size() + " changes; at most " + MOST_CHANGES);
            }
            for (Section phase : phases) {
                int earliest = changes.isEmpty() ? 2 : last(changes).fromRound() + 1;
                TrainingSettings before =
                        changes.isEmpty() ? first : last(changes).settings();
                changes.add(change(phase, earliest, before, examplePrivate));
            }
        }
        client.end();
        return new TrainingSchedule(first, changes);
    }

    private static Change last(List<Change> changes) {
        return changes.get(changes.size() - 1);
    }

    private static Change change(Section phase, int earliest, TrainingSettings before, boolean examplePrivate) {
        int from = phase.integer("from-round", earliest, MOST)
                .orElseThrow(() -> phase.error("from-round", "it is required"));
        OptimizerSpec optimizer = phase.number("learning-rate", Interval.POSITIVE)
                .map(before.optimizer()::withLearningRate)
                .orElse(before.optimizer());
        Optional<Integer> epochs = phase.integer("epochs", 1, MOST);
        int batch = phase.integer("batch-size", 1, MOST).orElse(before.batchSize());
        if (examplePrivate && batch != before.batchSize()) {
            throw phase.error(
                    "batch-size",
                    "it stays " + before.batchSize() + " under example-level privacy, as the sampling rate follows "
                            + "from it; leave it out");
        }
        TrainingSettings settings = new TrainingSettings(
                optimizer,
                epochs.orElse(before.epochs()),
                // Epochs that are asked for are meant to count.
                phase.integer("steps", 0, MOST).orElse(epochs.isPresent() ? 0 : before.steps()),
                batch,
                before.physicalBatchSize(),
                before.rateDecay());
        phase.end();
        return new Change(from, settings);
    }

    private static OptimizerSpec optimizer(Section optimizer) {
        String name = optimizer.choice("name", List.of("sgd", "adam", "adamw", "adagrad"), "sgd");
        double rate = optimizer.number("learning-rate", defaultRate(name), Interval.POSITIVE);
        double decay = optimizer.number("weight-decay", name.equals("adamw") ? 0.01 : 0, Interval.NOT_NEGATIVE);
        try {
            OptimizerSpec spec = spec(name, optimizer, rate, decay);
            optimizer.end();
            return spec;
        } catch (ConfigException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw optimizer.error(e);
        }
    }

    private static OptimizerSpec spec(String name, Section optimizer, double rate, double decay) {
        return switch (name) {
            case "sgd" -> new OptimizerSpec.Sgd(rate, optimizer.number("momentum", 0, DECAY), decay);
            case "adagrad" ->
                new OptimizerSpec.Adagrad(rate, optimizer.number("epsilon", 1e-10, Interval.POSITIVE), decay);
            default -> adam(name, optimizer, rate, decay);
        };
    }

    private static OptimizerSpec adam(String name, Section optimizer, double rate, double decay) {
        double beta1 = optimizer.number("beta1", 0.9, DECAY);
        double beta2 = optimizer.number("beta2", 0.999, DECAY);
        double epsilon = optimizer.number("epsilon", 1e-8, Interval.POSITIVE);
        return name.equals("adam")
                ? new OptimizerSpec.Adam(rate, beta1, beta2, epsilon, decay)
                : new OptimizerSpec.AdamW(rate, beta1, beta2, epsilon, decay);
    }

    private static double defaultRate(String name) {
        return name.startsWith("adam") ? 0.001 : 0.1;
    }
}
