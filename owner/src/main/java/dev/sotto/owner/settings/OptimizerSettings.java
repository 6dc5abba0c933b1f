package dev.sotto.owner.settings;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.OptimizerSpec;
import java.util.List;

/** Reads {@code optimizer}: its keys beside its name, or under {@code kwargs}, as PyTorch calls them. */
final class OptimizerSettings {
    private static final Interval DECAY = new Interval(0, 1, false);
    private static final double RATE = 0.001;

    private OptimizerSettings() {}

    static OptimizerSpec read(Section optimizer) {
        String name = optimizer.choice("name", List.of("adam", "sgd", "adagrad", "adamw"), "adam");
        Section keys = optimizer.isSection("kwargs") ? optimizer.section("kwargs") : optimizer;
        try {
            OptimizerSpec spec = spec(name, keys);
            keys.end();
            optimizer.end();
            return spec;
        } catch (ConfigException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw keys.error(e);
        }
    }

    private static OptimizerSpec spec(String name, Section keys) {
        double rate = keys.number("lr", RATE, Interval.POSITIVE);
        double decay = keys.number("weight_decay", name.equals("adamw") ? 0.01 : 0, Interval.NOT_NEGATIVE);
        return switch (name) {
            case "sgd" -> {
                absent(keys, "dampening");
                absent(keys, "nesterov");
                yield new OptimizerSpec.Sgd(rate, keys.number("momentum", 0, DECAY), decay);
            }
            case "adagrad" -> {
                absent(keys, "lr_decay");
                absent(keys, "initial_accumulator_value");
                yield new OptimizerSpec.Adagrad(rate, keys.number("eps", 1e-10, Interval.POSITIVE), decay);
            }
            default -> {
                absent(keys, "amsgrad");
                List<Double> betas = keys.numbers("betas", DECAY);
                if (!betas.isEmpty() && betas.size() != 2) {
                    throw keys.error("betas", "expected two numbers, found " + betas.size());
                }
                double first = betas.isEmpty() ? 0.9 : betas.get(0);
                double second = betas.isEmpty() ? 0.999 : betas.get(1);
                double eps = keys.number("eps", 1e-8, Interval.POSITIVE);
                yield name.equals("adam")
                        ? new OptimizerSpec.Adam(rate, first, second, eps, decay)
                        : new OptimizerSpec.AdamW(rate, first, second, eps, decay);
            }
        };
    }

    /** What PyTorch has and Sotto has not may be written if it is switched off. */
    private static void absent(Section keys, String key) {
        if (keys.has(key) && !List.of("0", "0.0", "false").contains(keys.text(key))) {
            throw keys.error(key, "Sotto's optimizers do not have it; leave it out, or set it to 0 or false");
        }
    }
}
