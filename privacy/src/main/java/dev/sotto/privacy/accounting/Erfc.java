package dev.sotto.privacy.accounting;

/**
 * The complementary error function, to about 1e-15 relative wherever it does not underflow: (1 + 2x) exp(x^2) erfc(x) is
 * smooth in t = (x - k) / (x + k) and has a short Chebyshev series (Shepherd, Laframboise 1981; the coefficients were
 * computed anew with 40 digits for k = 3.75).
 */
final class Erfc {
    private static final double K = 3.75;
    private static final double ROOT_HALF = Math.sqrt(0.5);

    private static final double[] SERIES = {
        2.3551578691348034,
        -0.004590054580646478,
        -0.08424913336651792,
        0.05920993999819189,
        -0.026658668435305753,
        0.009074997670705265,
        -0.002413163540417608,
        0.0004907758365258086,
        -6.916973302501207e-05,
        4.13902798607301e-06,
        7.74038306619849e-07,
        -2.1886401049234397e-07,
        1.076499946567091e-08,
        4.521959811218287e-09,
        -7.754400208831351e-10,
        -6.318088340886684e-11,
        2.86879501093067e-11,
        1.9455868545777347e-13,
        -9.65469674843344e-13,
        3.25254814814874e-14,
        3.3478119482868056e-14,
        -1.864562880419313e-15,
        -1.2507950530688648e-15,
        7.418235256624044e-17,
        5.068148904796111e-17,
        -2.237056659436e-18,
    };

    private Erfc() {}

    /** erfc(x). */
    static double of(double x) {
        double z = Math.abs(x);
        double tail = z > 27 ? 0 : Math.exp(-z * z) * scaled(z);
        return x >= 0 ? tail : 2 - tail;
    }

    /** The standard normal distribution function. */
    static double normalBelow(double x) {
        return 0.5 * of(-x * ROOT_HALF);
    }

    /** One less the standard normal distribution function, without loss in the tail. */
    static double normalAbove(double x) {
        return 0.5 * of(x * ROOT_HALF);
    }

    /** exp(x^2) erfc(x), x at least 0. */
    static double scaled(double x) {
        double twice = 2 * (x - K) / (x + K);
        double b0 = 0;
        double b1 = 0;
        for (int i = SERIES.length - 1; i > 0; i--) {
            double next = twice * b0 - b1 + SERIES[i];
            b1 = b0;
            b0 = next;
        }
        return (twice / 2 * b0 - b1 + SERIES[0] / 2) / (1 + 2 * x);
    }
}
