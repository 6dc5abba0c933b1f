package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/** Finds the parameter that meets a target. The answer never exceeds the target by the accountant that was asked. */
public final class Calibration {
    /** Noise multipliers are looked for up to here. */
    private static final double LARGEST_NOISE = 1e9;

    private Calibration() {}

    /**
     * The smallest noise multiplier whose event stays within epsilon, to 1e-9 relative; never below it.
     *
     * @param eventOfSigma everything that will be done, as a function of the noise multiplier
     * @throws IllegalArgumentException if no noise multiplier up to 1e9 is enough
     */
    public static double noiseMultiplier(
            AccountantChoice accountant, Epsilon epsilon, Delta delta, DoubleFunction<DpEvent> eventOfSigma) {
        return noiseMultiplier(accountant.accountant(), epsilon, delta, eventOfSigma);
    }

    /** The same under an accountant of one's own making. */
    public static double noiseMultiplier(
            Accountant accountant, Epsilon epsilon, Delta delta, DoubleFunction<DpEvent> eventOfSigma) {
        if (epsilon.value() == 0) {
            throw new IllegalArgumentException("target epsilon is 0; it must be above 0 to calibrate noise");
        }
        DoubleUnaryOperator excess = logSigma -> Math.log(accountant
                        .epsilon(eventOfSigma.apply(Math.exp(logSigma)), delta)
                        .orInfinity()
                / epsilon.value());
        double high = 0;
        double low = 0;
        if (excess.applyAsDouble(high) > 0) {
            while (excess.applyAsDouble(high) > 0) {
                low = high;
                high += Math.log(4);
                if (high > Math.log(LARGEST_NOISE)) {
                    throw new IllegalArgumentException("epsilon " + epsilon
                            + " is out of reach: no noise multiplier up to " + LARGEST_NOISE + " is enough");
                }
            }
        } else {
            while (excess.applyAsDouble(low) <= 0 && low > Math.log(1e-6)) {
                high = low;
                low -= Math.log(4);
            }
        }
        return Math.exp(Bracket.lastWithin(excess, low, high, 1e-9));
    }
}
