package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.NonPrivate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Privacy loss distributions: the losses of composed events add, so their distributions convolve (Dwork, Rothblum 2016;
 * Koskela et al. 2020), by Fourier transform on a grid onto which mass is moved so that the result is never below the truth
 * (Doroshenko et al. 2022). Immutable and thread-safe.
 */
public final class PldAccountant implements Accountant {
    private static final PldAccountant STANDARD = new PldAccountant(Double.NaN);

    private final double step;

    private PldAccountant(double step) {
        this.step = step;
    }

    /** On a grid that adapts to the events: 1e-4, finer where that would be too coarse, coarser where it is as good. */
    public static PldAccountant standard() {
        return STANDARD;
    }

    /** On a grid of losses {@code step} apart. */
    public static PldAccountant withGrid(double step) {
        return new PldAccountant(Require.positive("grid of the privacy loss", step));
    }

    @Override
    public String name() {
        return "pld";
    }

    @Override
    public EpsilonAnswer epsilon(DpEvent event, Delta delta) {
        Optional<List<Part>> parts = parts(event);
        if (parts.isEmpty()) {
            return answer(event, OptionalDouble.empty(), "an event among them is not private", delta);
        }
        if (parts.get().isEmpty()) {
            return answer(event, OptionalDouble.of(0), "nothing touched the data", delta);
        }
        List<LossComposition> directions = new ArrayList<>();
        for (boolean flipped : directions(parts.get())) {
            Optional<LossComposition> direction =
                    LossComposition.forDelta(pairs(parts.get(), flipped), counts(parts.get()), delta.value());
            if (direction.isEmpty()) {
                return answer(
                        event, OptionalDouble.empty(), "the loss is infinite with a probability above delta", delta);
            }
            directions.add(direction.get());
        }
        LossSolution solution = LossSolution.epsilon(directions, delta.value(), step);
        String words = String.format(
                Locale.ROOT, "privacy loss distribution, %s, grid of %.3g", solution.direction(), solution.step());
        return answer(event, OptionalDouble.of(solution.value()), words, delta);
    }

    @Override
    public double delta(DpEvent event, Epsilon epsilon) {
        return parts(event).map(parts -> delta(parts, epsilon.value())).orElse(1.0);
    }

    private double delta(List<Part> parts, double epsilon) {
        if (parts.isEmpty()) {
            return 0;
        }
        List<LossComposition> directions = new ArrayList<>();
        for (boolean flipped : directions(parts)) {
            directions.add(LossComposition.forEpsilon(pairs(parts, flipped), counts(parts), epsilon));
        }
        return LossSolution.delta(directions, epsilon, step).value();
    }

    private EpsilonAnswer answer(DpEvent event, OptionalDouble epsilon, String words, Delta delta) {
        return new EpsilonAnswer(epsilon, name(), OptionalDouble.empty(), Assumptions.explain(event, words, delta));
    }

    /** A pair and how often it occurs. */
    record Part(LossPair pair, long count) {}

    /** The parts of a composition, plain Gaussians gathered into one; empty if something is not private at all. */
    static Optional<List<Part>> parts(DpEvent event) {
        List<Part> parts = new ArrayList<>();
        double squares = 0;
        for (Map.Entry<DpEvent, Long> part : DpEvents.parts(event).entrySet()) {
            if (part.getKey() instanceof NonPrivate) {
                return Optional.empty();
            }
            OptionalDouble distance = LossPairs.gaussianDistance(part.getKey());
            if (distance.isPresent()) {
                squares += part.getValue() * distance.getAsDouble() * distance.getAsDouble();
            } else {
                parts.add(new Part(LossPairs.of(part.getKey()), part.getValue()));
            }
        }
        if (squares > 0) {
            parts.add(new Part(GaussianMixturePair.gaussian(Math.sqrt(squares)), 1));
        }
        return Optional.of(parts);
    }

    static boolean[] directions(List<Part> parts) {
        return parts.stream().allMatch(part -> part.pair().symmetric())
                ? new boolean[] {false}
                : new boolean[] {false, true};
    }

    static LossPair[] pairs(List<Part> parts, boolean flipped) {
        return parts.stream()
                .map(part -> flipped ? part.pair().flipped() : part.pair())
                .toArray(LossPair[]::new);
    }

    static long[] counts(List<Part> parts) {
        return parts.stream().mapToLong(Part::count).toArray();
    }
}
