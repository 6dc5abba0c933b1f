package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The exact privacy of Gaussian releases, however many and different (Balle, Wang 2018, theorem 8): together they are one
 * whose squared distance is the sum of theirs. Other events it cannot bound. Immutable and thread-safe.
 */
public final class ExactGaussian implements Accountant {
    private static final ExactGaussian INSTANCE = new ExactGaussian();

    private ExactGaussian() {}

    /** The accountant. */
    public static ExactGaussian instance() {
        return INSTANCE;
    }

    @Override
    public String name() {
        return "exact";
    }

    /** Whether the event is made of Gaussian releases only. */
    static boolean applies(DpEvent event) {
        return DpEvents.parts(event).keySet().stream()
                .allMatch(part -> LossPairs.gaussianDistance(part).isPresent());
    }

    @Override
    public EpsilonAnswer epsilon(DpEvent event, Delta delta) {
        double distance = distance(event);
        double epsilon = delta(distance, 0) <= delta.value() ? 0 : root(distance, delta.value());
        String words = Assumptions.explain(event, "exact for Gaussian releases", delta);
        return new EpsilonAnswer(OptionalDouble.of(epsilon), name(), OptionalDouble.empty(), words);
    }

    @Override
    public double delta(DpEvent event, Epsilon epsilon) {
        return delta(distance(event), epsilon.value());
    }

    /** Delta of two normal distributions {@code distance} standard deviations apart. */
    static double delta(double distance, double epsilon) {
        if (distance == 0) {
            return 0;
        }
        double near = epsilon / distance - distance / 2;
        double far = epsilon / distance + distance / 2;
        // e^epsilon times the density at far is that at near, so the second term needs no large exponential.
        double subtracted = Math.exp(-near * near / 2) / 2 * Erfc.scaled(far / Math.sqrt(2));
        if (near > 0) {
            double scaled = Erfc.scaled(near / Math.sqrt(2)) - Erfc.scaled(far / Math.sqrt(2));
            return Math.exp(-near * near / 2) / 2 * scaled;
        }
        return Math.max(0, Erfc.normalAbove(near) - subtracted);
    }

    private static double root(double distance, double delta) {
        double high = distance;
        while (delta(distance, high) > delta) {
            high *= 2;
        }
        double low = high;
        while (delta(distance, low) <= delta) {
            low /= 2;
        }
        return Bracket.lastWithin(e -> Math.log(delta(distance, e) / delta), low, high, 1e-14 * high);
    }

    private double distance(DpEvent event) {
        double squares = 0;
        for (Map.Entry<DpEvent, Long> part : DpEvents.parts(event).entrySet()) {
            OptionalDouble distance = LossPairs.gaussianDistance(part.getKey());
            if (distance.isEmpty()) {
                throw new UnboundedEventException(name(), part.getKey(), "pld, rdp or both can");
            }
            squares += part.getValue() * distance.getAsDouble() * distance.getAsDouble();
        }
        return Math.sqrt(squares);
    }
}
