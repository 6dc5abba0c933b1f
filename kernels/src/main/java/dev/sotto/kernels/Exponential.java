package dev.sotto.kernels;

/**
 * exp in float arithmetic: x = n ln 2 + r with |r| <= ln 2 / 2, a Taylor polynomial of degree 6 for exp(r), and 2^n made of
 * exponent bits (Cody and Waite, 1980). The same steps serve vectors and scalars.
 */
final class Exponential {
    static final float LIMIT = 87f;
    static final float LOG2_E = 1.442695f;
    /** 1.5 * 2^23: adding it rounds to a whole number, which then is in the low bits. */
    static final float ROUNDING = 12582912f;
    /** ln 2 in two parts; n times the first is exact. */
    static final float LN2_HIGH = 0.6933594f;

    static final float LN2_LOW = -2.12194440e-4f;
    static final float C2 = 1 / 2f;
    static final float C3 = 1 / 6f;
    static final float C4 = 1 / 24f;
    static final float C5 = 1 / 120f;
    static final float C6 = 1 / 720f;
    /** 2 sqrt(2/pi) and 0.044715 times that: the argument of the Gaussian error linear unit. */
    static final float GELU_LINE = 1.595769f;

    static final float GELU_CUBE = 0.07135481f;

    private Exponential() {}

    static float exp(float x) {
        float t = x < -LIMIT ? -LIMIT : x > LIMIT ? LIMIT : x;
        float shifted = t * LOG2_E + ROUNDING;
        float n = shifted - ROUNDING;
        float r = t - n * LN2_HIGH - n * LN2_LOW;
        float p = r * C6 + C5;
        p = p * r + C4;
        p = p * r + C3;
        p = p * r + C2;
        p = p * r + 1f;
        p = p * r + 1f;
        return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + (127 << 23));
    }

    static float logistic(float x) {
        return 1 / (1 + exp(-x));
    }

    static float geluArgument(float x) {
        return (x * x * GELU_CUBE + GELU_LINE) * x;
    }
}
