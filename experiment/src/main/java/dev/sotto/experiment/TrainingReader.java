package dev.sotto.experiment;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import java.util.List;

/** Reads the section {@code client}. */
final class TrainingReader {
    private static final Interval DECAY = new Interval(0, 1, false);

    private TrainingReader() {}

    static TrainingSettings read(Section client) {
        int most = Integer.MAX_VALUE;
        int batch = client.integer("batch-size", 32, 1, most);
        TrainingSettings settings = new TrainingSettings(
                optimizer(client.section("optimizer")),
                client.integer("epochs", 1, 1, most),
                client.integer("steps", 0, 0, most),
                batch,
                client.integer("physical-batch-size", Math.min(batch, 256), 1, most),
                client.number("rate-decay", 1, new Interval(0, 1, false)));
        client.end();
        return settings;
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
