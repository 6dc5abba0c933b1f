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
    /** What a difference of two probabilities may lose. */
    private static final double ROUNDING = 1e-15;

    private static final String BEYOND = "the loss is infinite with a probability above delta";
    private static final String INDISTINGUISHABLE = "no test tells neighbours apart by more than delta";
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
        if (totalVariation(parts.get()) <= delta.value()) {
            return answer(event, OptionalDouble.of(0), INDISTINGUISHABLE, delta);
        }
        if (single(parts.get())) {
            return single(event, parts.get(), delta);
        }
        List<LossComposition> directions = new ArrayList<>();
        for (boolean flipped : directions(parts.get())) {
            Optional<LossComposition> direction =
                    LossComposition.forDelta(pairs(parts.get(), flipped), counts(parts.get()), delta.value());
            if (direction.isEmpty()) {
                return answer(event, OptionalDouble.empty(), BEYOND, delta);
            }
            directions.add(direction.get());
        }
        if (directions.stream().anyMatch(direction -> direction.indistinguishable(delta.value()))) {
            return answer(event, OptionalDouble.of(0), INDISTINGUISHABLE, delta);
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
        if (single(parts)) {
            LossPair pair = parts.get(0).pair();
            return pair.symmetric()
                    ? pair.delta(epsilon)
                    : Math.max(pair.delta(epsilon), pair.flipped().delta(epsilon));
        }
        List<LossComposition> directions = new ArrayList<>();
        for (boolean flipped : directions(parts)) {
            directions.add(LossComposition.forEpsilon(pairs(parts, flipped), counts(parts), epsilon));
        }
        return Math.min(LossSolution.delta(directions, epsilon, step).value(), totalVariation(parts));
    }

    /** Whether one event is all there is, and no grid was asked for. */
    private boolean single(List<Part> parts) {
        return Double.isNaN(step) && parts.size() == 1 && parts.get(0).count() == 1;
    }

    private EpsilonAnswer single(DpEvent event, List<Part> parts, Delta delta) {
        LossPair pair = parts.get(0).pair();
        double removed = SingleEvent.epsilon(pair, delta.value());
        double added = pair.symmetric() ? removed : SingleEvent.epsilon(pair.flipped(), delta.value());
        double worst = Math.max(removed, added);
        if (worst == Double.POSITIVE_INFINITY) {
            return answer(event, OptionalDouble.empty(), BEYOND, delta);
        }
        String direction = pair.symmetric()
                ? "the same in both directions"
                : removed >= added ? "largest when a unit is removed" : "largest when a unit is added";
        return answer(event, OptionalDouble.of(worst), "privacy loss of a single event, exact, " + direction, delta);
    }

    /** What the total variations of the events add up to: delta is no more, whatever epsilon is, and on whatever grid. */
    private static double totalVariation(List<Part> parts) {
        double sum = 0;
        for (Part part : parts) {
            sum += part.count() * (part.pair().delta(0) + ROUNDING);
        }
        return sum;
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
                parts.add(new Part(LossPairs.of(part.getKey(), "pld"), part.getValue()));
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
