package dev.sotto.privacy.accounting;

/** Logarithms of binomial coefficients up to 1024, each from the sum of logarithms. */
final class LogBinomials {
    static final int LARGEST = 1024;

    private static final double[] LOG_FACTORIAL = logFactorials();

    private LogBinomials() {}

    /** ln of n over k. */
    static double of(int n, int k) {
        return LOG_FACTORIAL[n] - LOG_FACTORIAL[k] - LOG_FACTORIAL[n - k];
    }

    private static double[] logFactorials() {
        double[] logs = new double[LARGEST + 1];
        double lost = 0;
        for (int n = 2; n <= LARGEST; n++) {
            // Compensated (Kahan): the differences of these large sums must keep their digits.
            double term = Math.log(n) - lost;
            double sum = logs[n - 1] + term;
            lost = sum - logs[n - 1] - term;
            logs[n] = sum;
        }
        return logs;
    }
}
