package dev.sotto.experiment;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.AdaptiveClipping;
import dev.sotto.privacy.clipping.ClippingRule;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.clipping.NormalisingClipping;
import dev.sotto.privacy.clipping.PerLayerClipping;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Reads the section {@code privacy.example-level}. */
final class ExampleLevelReader {
    private final Section section;

    ExampleLevelReader(Section section) {
        this.section = section;
    }

    /** Example-level privacy as a function of how many layers have parameters. */
    IntFunction<ExamplePrivacy> read(int batchSize) {
        Optional<Epsilon> epsilon = section.number("epsilon", Interval.POSITIVE).map(Epsilon::new);
        Optional<NoiseMultiplier> noise =
                section.number("noise-multiplier", Interval.POSITIVE).map(NoiseMultiplier::new);
        if (epsilon.isEmpty() && noise.isEmpty()) {
            throw section.error(
                    "give epsilon (noise is calibrated to it), noise-multiplier, or both (epsilon is the limit)");
        }
        Optional<Delta> delta = section.number("delta", Interval.PROPORTION).map(Delta::new);
        IntFunction<ClippingRule> clipping = clipping(batchSize);
        boolean perBatch = section.choice("clip-per", List.of("example", "batch"), "example")
                .equals("batch");
        NeighbouringRelation relation = relation();
        Optional<SamplingRate> rate =
                section.number("sampling-rate", Interval.PROPORTION).map(SamplingRate::new);
        if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE && (rate.isEmpty() || delta.isEmpty())) {
            throw section.error(
                    rate.isEmpty() ? "sampling-rate" : "delta",
                    "it must be declared under add-or-remove-one, "
                            + "where the number of examples is not public; or use relation: zero-out");
        }
        Schedule noiseSchedule = schedule("noise-schedule");
        Schedule clippingSchedule = schedule("clipping-schedule");
        AccountantChoice accountant = accountant();
        boolean hardLimit = section.flag("hard-limit", true);
        section.end();
        return layers -> new ExamplePrivacy(
                epsilon,
                delta,
                noise,
                clipping.apply(layers),
                perBatch ? ClipPer.BATCH : ClipPer.EXAMPLE,
                relation,
                rate,
                noiseSchedule,
                clippingSchedule,
                accountant,
                hardLimit);
    }

    private IntFunction<ClippingRule> clipping(int batchSize) {
        String kind = section.choice("clipping", List.of("flat", "per-layer", "normalising", "adaptive"), "flat");
        ClippingNorm norm = new ClippingNorm(section.number("max-grad-norm", 1.0, Interval.POSITIVE));
        return switch (kind) {
            case "per-layer" -> layers -> PerLayerClipping.evenly(norm, layers);
            case "normalising" -> {
                double gamma = section.number("gamma", 0.01, Interval.POSITIVE);
                yield layers -> new NormalisingClipping(norm, gamma);
            }
            case "adaptive" -> {
                AdaptiveClipping adaptive = new AdaptiveClipping(
                        norm,
                        section.number("target-quantile", 0.5, Interval.PROPORTION),
                        section.number("clipping-learning-rate", 0.2, Interval.POSITIVE),
                        section.number("count-stddev", Math.max(1, batchSize / 20.0), Interval.POSITIVE));
                yield layers -> adaptive;
            }
            default -> layers -> new FlatClipping(norm);
        };
    }

    private NeighbouringRelation relation() {
        List<String> labels = Arrays.stream(NeighbouringRelation.values())
                .map(NeighbouringRelation::label)
                .toList();
        return NeighbouringRelation.parse(section.choice("relation", labels, NeighbouringRelation.ZERO_OUT.label()));
    }

    private AccountantChoice accountant() {
        List<String> labels = Arrays.stream(AccountantChoice.values())
                .map(AccountantChoice::label)
                .toList();
        return AccountantChoice.parse(section.choice("accountant", labels, AccountantChoice.RDP.label()));
    }

    private Schedule schedule(String key) {
        Section schedule = section.section(key);
        String kind = schedule.choice("kind", List.of("constant", "exponential", "step", "linear"), "constant");
        Schedule result =
                switch (kind) {
                    case "exponential" -> new Schedule.Exponential(schedule.number("gamma", 0.999, Interval.POSITIVE));
                    case "step" ->
                        new Schedule.Steps(
                                schedule.integer("every", 100, 1, Integer.MAX_VALUE),
                                schedule.number("gamma", 0.9, Interval.POSITIVE));
                    case "linear" ->
                        new Schedule.Linear(
                                schedule.integer("over", 1000, 1, Integer.MAX_VALUE),
                                schedule.number("last", 0.5, Interval.POSITIVE));
                    default -> new Schedule.Constant();
                };
        schedule.end();
        return result;
    }
}
