package dev.sotto.kernels;

import java.util.Objects;
import java.util.function.IntSupplier;

/** One pair at a time. */
final class GaussianScalar implements GaussianTransform {
    /** 1.5 x 2^23: added and taken again, it rounds a float of up to 2^22 to the nearest whole number. */
    static final float ROUNDER = 0x1.8p23f;

    /** An upper word that has more bits than these is enough: radii are then less than 1e-6 apart. */
    static final int SMALL_BITS = 19;

    /** Bits of sqrt(1/2): mantissas are taken between it and its double. */
    static final int ROOT_HALF = 0x3F3504F3;

    static final float MINUS_2_LN2 = (float) (-2 * Math.log(2));

    /** atanh(s) / s - 1 in powers of s^2, minimax over the mantissas: off by 8e-10. */
    static final float L2 = 0.33333388f;

    static final float L4 = 0.19988787f;
    static final float L6 = 0.14935471f;

    /** From a signed 32-bit number to half a turn of radians. */
    static final float HALF_TURN = (float) (Math.PI * 0x1p-32);

    /** sin(x) / x - 1 in powers of x^2, minimax up to a quarter turn: off by 6e-9. */
    static final float S2 = -0.166666596f;

    static final float S4 = 8.33306624e-3f;
    static final float S6 = -1.98096028e-4f;
    static final float S8 = 2.60578029e-6f;

    /** cos(x) - 1, likewise: off by 5e-8. */
    static final float C2 = -0.499999323f;

    static final float C4 = 4.16639894e-2f;
    static final float C6 = -1.38559270e-3f;
    static final float C8 = 2.31943825e-5f;

    @Override
    public void normals(int[] words, IntSupplier lower, float[] normals, int from, int to) {
        Objects.checkFromToIndex(from, to, normals.length);
        Objects.checkFromToIndex(0, 2 * ((to - from + 1) / 2), words.length);
        pairs(words, lower, normals, from, to, 0);
    }

    /** The pairs from number {@code first} on. */
    static void pairs(int[] words, IntSupplier lower, float[] normals, int from, int to, int first) {
        int half = (to - from + 1) / 2;
        for (int i = first; i < half; i++) {
            float length = (float) Math.sqrt(logarithm(uniform(words[i], lower)));
            int angle = words[half + i];
            float radius = angle < 0 ? -length : length;
            float x = (angle << 1) * HALF_TURN;
            float y = x * x;
            normals[from + i] = radius * (1 + y * (C2 + y * (C4 + y * (C6 + y * C8))));
            if (from + half + i < to) {
                normals[from + half + i] = radius * (x + x * y * (S2 + y * (S4 + y * (S6 + y * S8))));
            }
        }
    }

    private static float uniform(int high, IntSupplier lower) {
        return high >>> SMALL_BITS == 0 ? small(high, lower.getAsInt()) : (high >>> 1) * 0x1p-31f + 0x1p-32f;
    }

    /** A uniform number whose upper half is no more than a float holds. */
    static float small(int high, int low) {
        return high * 0x1p-32f + ((low >>> 8) * 0x1p-56f + ((low & 0xFF) + 0.5f) * 0x1p-64f);
    }

    /** -2 ln(u), by u = 2^k m and ln(m) = 2 atanh((m - 1) / (m + 1)). */
    static float logarithm(float uniform) {
        int bits = Float.floatToRawIntBits(uniform);
        int exponent = (bits - ROOT_HALF) >> 23;
        float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
        float s = f / (f + 2);
        float z = s * s;
        float t = s * -4;
        return exponent * MINUS_2_LN2 + (t + t * z * (L2 + z * (L4 + z * L6)));
    }

    @Override
    public void snap(float[] values, int from, float[] noise, int count, float std, float perGrid, float scale) {
        Objects.checkFromIndexSize(from, count, values.length);
        snapFrom(0, values, from, noise, count, std, perGrid, scale);
    }

    static void snapFrom(
            int first, float[] values, int from, float[] noise, int count, float std, float perGrid, float scale) {
        for (int i = first; i < count; i++) {
            float value = values[from + i];
            float finite = Math.abs(value) <= Float.MAX_VALUE ? value : 0;
            values[from + i] = ((finite + noise[i] * std) * perGrid + ROUNDER - ROUNDER) * scale;
        }
    }
}
