package dev.sotto.kernels;

import java.util.Objects;

/** One pair at a time. */
final class GaussianScalar implements GaussianTransform {
    /** 1.5 x 2^23: added and taken again, it rounds a float of up to 2^22 to the nearest whole number. */
    static final float ROUNDER = 0x1.8p23f;

    /** Bits of sqrt(1/2): mantissas are taken between it and its double. */
    static final int ROOT_HALF = 0x3F3504F3;

    static final float LN2 = 0.6931472f;
    /** From a signed 32-bit angle to radians: 2 pi / 2^32. */
    static final float TURN = (float) (2 * Math.PI * 0x1p-32);

    /** A quarter of a turn. */
    static final int QUARTER = 1 << 30;

    /** The series of the sine, which up to a quarter turn is off by 6e-8. */
    static final float S3 = -1 / 6f;

    static final float S5 = 1 / 120f;
    static final float S7 = -1 / 5040f;
    static final float S9 = 1 / 362880f;
    static final float S11 = -1 / 39916800f;

    @Override
    public void add(int[] words, float[] target, int from, int to, float std) {
        Objects.checkFromToIndex(from, to, target.length);
        int half = (to - from + 1) / 2;
        Objects.checkFromToIndex(0, 3 * half, words.length);
        pairs(words, target, from, to, std, 0);
    }

    /** The pairs from number {@code first} on. */
    static void pairs(int[] words, float[] target, int from, int to, float std, int first) {
        int half = (to - from + 1) / 2;
        for (int i = first; i < half; i++) {
            float radius = std * radius(words[i], words[half + i]);
            int angle = words[2 * half + i];
            target[from + i] += radius * cosine(angle);
            if (from + half + i < to) {
                target[from + half + i] += radius * cosine(angle - QUARTER);
            }
        }
    }

    /** cos(t) = sin(pi / 2 - |t|), for an angle of 2^32 to the turn. */
    private static float cosine(int angle) {
        float x = (QUARTER - Math.abs(angle)) * TURN;
        float y = x * x;
        return x + x * y * (S3 + y * (S5 + y * (S7 + y * (S9 + y * S11))));
    }

    private static float radius(int high, int low) {
        float upper = high >>> 8;
        float middle = (high << 16 | low >>> 16) & 0xFFFFFF;
        float lower = (low & 0xFFFF) + 0.5f;
        float uniform = upper * 0x1p-24f + (middle * 0x1p-48f + lower * 0x1p-64f);
        int bits = Float.floatToRawIntBits(uniform);
        int exponent = (bits - ROOT_HALF) >> 23;
        float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
        float s = f / (2 + f);
        float z = s * s;
        // ln(m) = 2 atanh(f / (2 + f)), by its series.
        float log = exponent * LN2 + (s + s) * (1 + z * (1 / 3f + z * (1 / 5f + z * (1 / 7f + z * (1 / 9f)))));
        return (float) Math.sqrt(Math.max(-2 * log, 0));
    }

    @Override
    public void snap(float[] values, int from, float[] noise, int count, float perGrid, float scale) {
        Objects.checkFromIndexSize(from, count, values.length);
        snapFrom(0, values, from, noise, count, perGrid, scale);
    }

    static void snapFrom(int first, float[] values, int from, float[] noise, int count, float perGrid, float scale) {
        for (int i = first; i < count; i++) {
            float value = values[from + i];
            float finite = Math.abs(value) <= Float.MAX_VALUE ? value : 0;
            values[from + i] = ((finite + noise[i]) * perGrid + ROUNDER - ROUNDER) * scale;
        }
    }
}
