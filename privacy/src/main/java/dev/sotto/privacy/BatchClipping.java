package dev.sotto.privacy;

/** Clips the mean gradient of a batch as a whole. */
final class BatchClipping {
    private BatchClipping() {}

    /** {@code sum} becomes clip(sum / size, norm); a sum that is not finite becomes zero. */
    static void apply(float[] sum, int size, double norm) {
        double squared = 0;
        for (float value : sum) {
            squared += (double) value * value;
        }
        double length = Math.sqrt(squared) / size;
        double factor = Double.isFinite(length) ? Math.min(1, norm / length) / size : 0;
        for (int i = 0; i < sum.length; i++) {
            sum[i] = factor == 0 ? 0 : (float) (sum[i] * factor);
        }
    }
}
