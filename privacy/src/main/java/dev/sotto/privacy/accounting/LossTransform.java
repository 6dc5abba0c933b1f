package dev.sotto.privacy.accounting;

import java.util.Arrays;

/** A composition's loss on a circle of grid points: the tilted losses of the events, convolved by Fourier transform. */
final class LossTransform {
    final LossGrid grid;
    private final double[] even;
    private final double[] odd;
    private double logScale;
    private double logFinite;

    private LossTransform(LossGrid grid) {
        this.grid = grid;
        this.even = new double[grid.size() / 2];
        this.odd = new double[grid.size() / 2];
    }

    static LossTransform compose(LossComposition composition, LossAtoms[] atoms, LossGrid grid) {
        LossTransform result = new LossTransform(grid);
        RealTransform transform = RealTransform.of(grid.size());
        long[] counts = composition.counts;
        double[] productRe = null;
        double[] productIm = null;
        for (int part = 0; part < counts.length; part++) {
            Arrays.fill(result.even, 0);
            Arrays.fill(result.odd, 0);
            result.load(composition, atoms[part], part);
            transform.forward(result.even, result.odd);
            result.raise(counts[part]);
            if (counts.length > 1) {
                if (part == 0) {
                    productRe = result.even.clone();
                    productIm = result.odd.clone();
                } else {
                    result.multiply(productRe, productIm);
                }
            }
        }
        if (counts.length > 1) {
            System.arraycopy(productRe, 0, result.even, 0, productRe.length);
            System.arraycopy(productIm, 0, result.odd, 0, productIm.length);
        }
        transform.backward(result.even, result.odd);
        return result;
    }

    /** The tilted mass at a position of the circle, to be scaled by {@link #logScale}. */
    double mass(int position) {
        return Math.max((position & 1) == 0 ? even[position >> 1] : odd[position >> 1], 0);
    }

    /** ln of what the tilted mass was scaled down by. */
    double logScale() {
        return logScale - Math.log(even.length);
    }

    /** The probability that the composed loss is infinite. */
    double infinite() {
        return -Math.expm1(logFinite);
    }

    private void load(LossComposition composition, LossAtoms atoms, int part) {
        long count = composition.counts[part];
        double tilt = composition.tilt;
        double reference = composition.reference(part);
        double sum = 0;
        for (int i = 0; i < atoms.losses.length; i++) {
            // Mass so far up that it would overflow is too little to matter, and is still counted.
            double tilted = atoms.mass[i] * Math.exp(Math.min(tilt * (atoms.losses[i] - reference), 700));
            int position = Math.floorMod(Math.round(atoms.losses[i] / grid.step()), grid.size());
            if ((position & 1) == 0) {
                even[position >> 1] += tilted;
            } else {
                odd[position >> 1] += tilted;
            }
            sum += tilted;
        }
        for (int i = 0; i < even.length; i++) {
            even[i] /= sum;
            odd[i] /= sum;
        }
        logScale += count * (tilt * reference + Math.log(sum));
        logFinite += count * Math.log1p(-Math.min(atoms.infinite, 1));
    }

    /** The spectrum to the power of {@code count}. */
    private void raise(long count) {
        double nothing = Math.exp(-160.0 / count);
        even[0] = Math.pow(even[0], (double) count);
        odd[0] = Math.pow(odd[0], (double) count);
        for (int p = 1; p < even.length; p++) {
            double x = even[p];
            double y = odd[p];
            if (x * x + y * y < nothing) {
                even[p] = 0;
                odd[p] = 0;
                continue;
            }
            double u = 1;
            double v = 0;
            for (long n = count; ; n >>= 1) {
                if ((n & 1) != 0) {
                    double t = u * x - v * y;
                    v = u * y + v * x;
                    u = t;
                }
                if (n <= 1) {
                    break;
                }
                double t = x * x - y * y;
                y = 2 * x * y;
                x = t;
            }
            even[p] = u;
            odd[p] = v;
        }
    }

    private void multiply(double[] re, double[] im) {
        re[0] *= even[0];
        im[0] *= odd[0];
        for (int p = 1; p < re.length; p++) {
            double t = re[p] * even[p] - im[p] * odd[p];
            im[p] = re[p] * odd[p] + im[p] * even[p];
            re[p] = t;
        }
    }
}
