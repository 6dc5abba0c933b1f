package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;

/** Finds the parameter that meets a target. The answer never exceeds the target by the accountant that was asked. */
public final class Calibration {
    /** Noise multipliers are looked for up to here. */
    private static final double LARGEST_NOISE = 1e9;

    private static final double SMALLEST_NOISE = 1e-6;
    private static final double STRIDE = Math.log(1.5);
    private static final double TOLERANCE = 1e-7;
    private static final double SMALLEST_RATE = 1e-12;

    private Calibration() {}

    /**
     * The smallest noise multiplier whose event stays within epsilon, to 1e-7 relative or what the accountant resolves; never
     * below it.
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
        DoubleUnaryOperator excess =
                logSigma -> excess(accountant, epsilon, delta, eventOfSigma.apply(Math.exp(logSigma)));
        double from = start(accountant, epsilon, delta, eventOfSigma);
        double value = excess.applyAsDouble(from);
        boolean within = value <= 0;
        // Epsilon falls about as noise grows, or faster: a little more than the miss is a step across, usually.
        double stride = Math.min(STRIDE, Math.max(1e-6, 1.2 * Math.abs(value)));
        for (; ; ) {
            double to = within ? from - stride : from + stride;
            double next = excess.applyAsDouble(to);
            if (next <= 0 != within) {
                return Math.exp(
                        within
                                ? Bracket.lastWithin(excess, to, next, from, value, TOLERANCE)
                                : Bracket.lastWithin(excess, from, value, to, next, TOLERANCE));
            }
            if (to > Math.log(LARGEST_NOISE)) {
                throw new IllegalArgumentException("epsilon " + epsilon + " is out of reach: no noise multiplier up to "
                        + LARGEST_NOISE + " is enough");
            }
            if (to < Math.log(SMALLEST_NOISE)) {
                return Math.exp(to);
            }
            from = to;
            value = next;
            stride = Math.min(STRIDE, 2 * stride);
        }
    }

    /** Where to begin: what Renyi accounting says, which is quick, if it says anything. */
    private static double start(
            Accountant accountant, Epsilon epsilon, Delta delta, DoubleFunction<DpEvent> eventOfSigma) {
        if (accountant instanceof RdpAccountant) {
            return 0;
        }
        try {
            return Math.log(noiseMultiplier(RdpAccountant.standard(), epsilon, delta, eventOfSigma));
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /**
     * The most repetitions that stay within epsilon.
     *
     * @param eventOfCount everything that will be done, as a function of the number of steps
     * @param most the largest number to consider
     * @return from 0 to {@code most}
     */
    public static long steps(
            Accountant accountant, Epsilon epsilon, Delta delta, LongFunction<DpEvent> eventOfCount, long most) {
        LongPredicate fits = count -> within(accountant, epsilon, delta, eventOfCount.apply(count));
        long low = 0;
        long high = 1;
        while (high <= most && fits.test(high)) {
            low = high;
            high = high > most / 2 ? most + 1 : 2 * high;
        }
        high = Math.min(high, most + 1);
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (fits.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The largest sampling rate that stays within epsilon, to 1e-7 relative; 1 if all do.
     *
     * @param eventOfRate everything that will be done, as a function of the rate
     * @throws IllegalArgumentException if not even a rate of 1e-12 does
     */
    public static double rate(
            Accountant accountant, Epsilon epsilon, Delta delta, DoubleFunction<DpEvent> eventOfRate) {
        if (within(accountant, epsilon, delta, eventOfRate.apply(1))) {
            return 1;
        }
        double low = 1;
        while (!within(accountant, epsilon, delta, eventOfRate.apply(low))) {
            low /= 16;
            if (low < SMALLEST_RATE) {
                throw new IllegalArgumentException("epsilon " + epsilon
                        + " is out of reach: not even a sampling rate of " + SMALLEST_RATE + " is enough");
            }
        }
        DoubleUnaryOperator excess =
                logRate -> excess(accountant, epsilon, delta, eventOfRate.apply(Math.exp(logRate)));
        return Math.exp(Bracket.lastWithin(excess, Math.log(Math.min(1, low * 16)), Math.log(low), TOLERANCE));
    }

    /**
     * The smallest number of clients per round that stays within epsilon, where more clients mean more noise: usually
     * the noise multiplier is a fixed ratio times their number.
     *
     * @param eventOfClients everything that will be done, as a function of the clients per round
     * @param most the largest number to consider
     * @throws IllegalArgumentException if not even that is enough
     */
    public static int clientsPerRound(
            Accountant accountant, Epsilon epsilon, Delta delta, IntFunction<DpEvent> eventOfClients, int most) {
        int low = 0;
        int high = 1;
        while (!within(accountant, epsilon, delta, eventOfClients.apply(high))) {
            if (high == most) {
                throw new IllegalArgumentException(
                        "epsilon " + epsilon + " is out of reach: not even " + most + " clients per round are enough");
            }
            low = high;
            high = (int) Math.min(most, 2L * high);
        }
        while (high - low > 1) {
            int middle = low + (high - low) / 2;
            if (within(accountant, epsilon, delta, eventOfClients.apply(middle))) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /** ln of what is spent over the target; above 0 exactly if more is spent, however little. */
    private static double excess(Accountant accountant, Epsilon epsilon, Delta delta, DpEvent event) {
        double spent = accountant.epsilon(event, delta).orInfinity();
        double log = Math.log(spent / epsilon.value());
        return spent <= epsilon.value() ? Math.min(log, 0) : Math.max(log, Double.MIN_VALUE);
    }

    private static boolean within(Accountant accountant, Epsilon epsilon, Delta delta, DpEvent event) {
        return accountant.epsilon(event, delta).orInfinity() <= epsilon.value();
    }
}
