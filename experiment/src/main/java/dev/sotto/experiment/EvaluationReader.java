package dev.sotto.experiment;

import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.PrivateMetrics;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NoiseMultiplier;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code evaluation}: when the model is evaluated, and by which clients.
 *
 * @param plan what the run is told
 * @param validationFraction share of its examples that each client holds out
 */
record EvaluationReader(EvaluationPlan plan, double validationFraction) {
    /**
     * Reads the section.
     *
     * @param clientLevel whether clients are protected: then no client may weigh more than another
     */
    static EvaluationReader read(Section section, boolean clientLevel) {
        int every = section.integer("every", 1, 1, Integer.MAX_VALUE);
        double fraction = section.number("fraction", 1, Interval.UNIT);
        int minClients = section.integer("min-clients", 0, 0, Integer.MAX_VALUE);
        double validation = section.number("validation-fraction", 0, new Interval(0, 0.9, false));
        boolean uniform = section.choice(
                        "aggregate", List.of("weighted", "uniform"), clientLevel ? "uniform" : "weighted")
                .equals("uniform");
        Optional<PrivateMetrics> metrics = Optional.empty();
        if (section.has("private-metrics")) {
            metrics = Optional.of(metrics(section.section("private-metrics")));
            if (validation == 0) {
                throw section.error(
                        "private-metrics",
                        "clients hold nothing out to measure on; set evaluation.validation-fraction");
            }
            if (clientLevel && !uniform) {
                throw section.error(
                        "aggregate",
                        "it must be uniform for private metrics under client-level privacy: with weights by examples "
                                + "one client could outweigh the noise");
            }
        }
        section.end();
        return new EvaluationReader(new EvaluationPlan(every, fraction, minClients, uniform, metrics), validation);
    }

    private static PrivateMetrics metrics(Section section) {
        Optional<Epsilon> epsilon = section.number("epsilon", Interval.POSITIVE).map(Epsilon::new);
        Optional<NoiseMultiplier> noise =
                section.number("noise-multiplier", Interval.POSITIVE).map(NoiseMultiplier::new);
        section.end();
        if (epsilon.isPresent() == noise.isPresent()) {
            throw section.error("give epsilon (noise is calibrated to it) or noise-multiplier");
        }
        return new PrivateMetrics(epsilon, noise);
    }
}
