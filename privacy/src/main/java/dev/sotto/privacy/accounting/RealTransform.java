package dev.sotto.privacy.accounting;

import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The discrete Fourier transform of a real sequence of length 2 n, as n complex numbers: even samples are real parts, odd
 * ones imaginary parts. Decimation in frequency (Gentleman, Sande 1966): spectra come in bit-reversed order and the way back
 * takes them so, which saves the shuffling. In a spectrum the frequencies k and n - k lie at a position and at {@link
 * #mirror}, the second one conjugated; position 0 holds the two real ones, 0 and n. Immutable and thread-safe.
 */
final class RealTransform {
    private static final int SHORT = 16;

    /** Tables take longer to fill than a transform; those of long ones are given up when memory is short. */
    private static final ConcurrentMap<Integer, SoftReference<RealTransform>> CACHE = new ConcurrentHashMap<>();

    private final int n;

    /** Cosines and sines of each level in turn: those of blocks of length 2 h at [h, 2 h). */
    private final double[] cosines;

    private final double[] sines;

    /** Of half a frequency's angle, by position. */
    private final double[] halfCosines;

    private final double[] halfSines;

    private RealTransform(int n) {
        this.n = n;
        cosines = new double[Math.max(n, 2)];
        sines = new double[Math.max(n, 2)];
        for (int half = n / 2; half >= 1; half /= 2) {
            for (int j = 0; j < half; j++) {
                boolean copy = half < n / 2;
                cosines[half + j] = copy ? cosines[2 * half + 2 * j] : Math.cos(Math.PI * j / half);
                sines[half + j] = copy ? sines[2 * half + 2 * j] : -Math.sin(Math.PI * j / half);
            }
        }
        halfCosines = new double[n];
        halfSines = new double[n];
        double[] turns = new double[n];
        for (int p = 0; p < n; p++) {
            turns[p] = p == 0 ? 0 : turns[p / 2] / 2 + (p & 1) * 0.5;
            halfCosines[p] = Math.cos(Math.PI * turns[p]);
            halfSines[p] = -Math.sin(Math.PI * turns[p]);
        }
    }

    /** The transform of sequences of length {@code size}, a power of two, at least 4. */
    static RealTransform of(int size) {
        SoftReference<RealTransform> kept = CACHE.get(size);
        RealTransform transform = kept == null ? null : kept.get();
        if (transform == null) {
            transform = new RealTransform(size / 2);
            CACHE.put(size, new SoftReference<>(transform));
        }
        return transform;
    }

    /** Where the frequency n - k lies, conjugated, if k lies at {@code position}. */
    static int mirror(int position) {
        return position < 2 ? position : 3 * Integer.highestOneBit(position) - 1 - position;
    }

    /** The sequence becomes its spectrum. */
    void forward(double[] re, double[] im) {
        for (int half = n / 2; half >= SHORT; half /= 2) {
            for (int block = 0; block < n; block += 2 * half) {
                fall(re, im, block, half);
            }
        }
        for (int half = Math.min(SHORT, n) / 2; half >= 1; half /= 2) {
            for (int j = 0; j < half; j++) {
                fallAcross(re, im, j, half);
            }
        }
        double sum = re[0];
        re[0] = sum + im[0];
        im[0] = sum - im[0];
        for (int p = 1; p < n; p++) {
            int q = mirror(p);
            if (q >= p) {
                split(re, im, p, q);
            }
        }
    }

    /** From Z to A = E + W O and B = E - W O, where E and O are the spectra of even and odd samples. */
    private void split(double[] re, double[] im, int p, int q) {
        double er = (re[p] + re[q]) / 2;
        double ei = (im[p] - im[q]) / 2;
        double or = (im[p] + im[q]) / 2;
        double oi = (re[q] - re[p]) / 2;
        double wr = or * halfCosines[p] - oi * halfSines[p];
        double wi = or * halfSines[p] + oi * halfCosines[p];
        re[q] = er - wr;
        im[q] = ei - wi;
        re[p] = er + wr;
        im[p] = ei + wi;
    }

    /** The spectrum becomes its sequence, times n. */
    void backward(double[] re, double[] im) {
        double sum = re[0];
        re[0] = (sum + im[0]) / 2;
        im[0] = (sum - im[0]) / 2;
        for (int p = 1; p < n; p++) {
            int q = mirror(p);
            if (q >= p) {
                join(re, im, p, q);
            }
        }
        for (int half = 1; half < Math.min(SHORT, n); half *= 2) {
            for (int j = 0; j < half; j++) {
                riseAcross(re, im, j, half);
            }
        }
        for (int half = SHORT; half < n; half *= 2) {
            for (int block = 0; block < n; block += 2 * half) {
                rise(re, im, block, half);
            }
        }
    }

    private void join(double[] re, double[] im, int p, int q) {
        double br = q == p ? re[p] : re[q];
        double bi = q == p ? -im[p] : im[q];
        double er = (re[p] + br) / 2;
        double ei = (im[p] + bi) / 2;
        double wr = (re[p] - br) / 2;
        double wi = (im[p] - bi) / 2;
        double or = wr * halfCosines[p] + wi * halfSines[p];
        double oi = wi * halfCosines[p] - wr * halfSines[p];
        re[q] = er + oi;
        im[q] = or - ei;
        re[p] = er - oi;
        im[p] = ei + or;
    }

    private void fall(double[] re, double[] im, int block, int half) {
        for (int j = 0; j < half; j++) {
            int a = block + j;
            int b = a + half;
            double c = cosines[half + j];
            double s = sines[half + j];
            double x = re[a] - re[b];
            double y = im[a] - im[b];
            re[a] += re[b];
            im[a] += im[b];
            re[b] = x * c - y * s;
            im[b] = x * s + y * c;
        }
    }

    /** All blocks at once, one frequency each: for blocks so short that a loop over each would cost more than it does. */
    private void fallAcross(double[] re, double[] im, int j, int half) {
        double c = cosines[half + j];
        double s = sines[half + j];
        for (int a = j; a < n; a += 2 * half) {
            int b = a + half;
            double x = re[a] - re[b];
            double y = im[a] - im[b];
            re[a] += re[b];
            im[a] += im[b];
            re[b] = x * c - y * s;
            im[b] = x * s + y * c;
        }
    }

    private void riseAcross(double[] re, double[] im, int j, int half) {
        double c = cosines[half + j];
        double s = sines[half + j];
        for (int a = j; a < n; a += 2 * half) {
            int b = a + half;
            double x = re[b] * c + im[b] * s;
            double y = im[b] * c - re[b] * s;
            re[b] = re[a] - x;
            im[b] = im[a] - y;
            re[a] += x;
            im[a] += y;
        }
    }

    private void rise(double[] re, double[] im, int block, int half) {
        for (int j = 0; j < half; j++) {
            int a = block + j;
            int b = a + half;
            double c = cosines[half + j];
            double s = sines[half + j];
            double x = re[b] * c + im[b] * s;
            double y = im[b] * c - re[b] * s;
            re[b] = re[a] - x;
            im[b] = im[a] - y;
            re[a] += x;
            im[a] += y;
        }
    }
}
