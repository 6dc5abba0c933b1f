package dev.sotto.owner.request;

import java.util.Locale;

/**
 * What an (epsilon, delta) leaves to somebody who must tell two cases apart that were equally likely beforehand: at most that
 * share of answers is right (Kairouz, Oh, Viswanath 2015, "The Composition Theorem for Differential Privacy", theorem 2.1:
 * the best test has error at least (1 - delta)/(1 + e^epsilon) under equal priors).
 *
 * @param fold e^epsilon: odds of 1 to 1 become at most this to 1; infinite if there is no bound
 * @param right share of right answers, from 1/2 to 1; delta is counted in
 */
public record Odds(double fold, double right) {
    /** Told in hundredths, from here on it is as good as always. */
    private static final double ALWAYS = 0.99;

    /**
     * The odds under a guarantee.
     *
     * @param epsilon at least 0; may be infinite
     * @param delta from 0 to 1
     */
    public static Odds of(double epsilon, double delta) {
        double fold = Math.exp(epsilon);
        return new Odds(fold, 1 - (1 - delta) / (1 + fold));
    }

    /** Whether so little is hidden that a number of right answers in a hundred cannot tell it. */
    public boolean hardlyHides() {
        return right >= ALWAYS;
    }

    /** Right answers in a hundred, rounded up, such as {@code 74 times in 100}. */
    public String words() {
        return hardlyHides() ? "as good as always" : (int) Math.ceil(100 * right - 1e-9) + " times in 100";
    }

    /** Such as {@code 2.8 to 1}, rounded up. */
    public String ratio() {
        if (fold >= 1e6) {
            return "more than a million to 1";
        }
        double scale = fold < 10 ? 10 : 1;
        double up = Math.ceil(fold * scale - 1e-9) / scale;
        return String.format(Locale.ROOT, fold < 10 ? "%.1f to 1" : "%,.0f to 1", up);
    }
}
