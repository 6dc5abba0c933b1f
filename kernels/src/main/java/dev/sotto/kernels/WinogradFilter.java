package dev.sotto.kernels;

/** The transform of a 3x3 filter, GgG'. */
final class WinogradFilter {
    private WinogradFilter() {}

    /**
     * Writes the sixteen values of a filter.
     *
     * @param turned whether to turn the filter by half a turn
     * @param step from one value to the next
     */
    static void transform(float[] g, int at, boolean turned, float[] u, int to, int step) {
        int first = turned ? at + 8 : at;
        int d = turned ? -1 : 1;
        float a0 = g[first], a1 = g[first + d], a2 = g[first + 2 * d];
        float b0 = g[first + 3 * d], b1 = g[first + 4 * d], b2 = g[first + 5 * d];
        float c0 = g[first + 6 * d], c1 = g[first + 7 * d], c2 = g[first + 8 * d];
        line(a0, a1, a2, u, to, step);
        line(0.5f * (a0 + c0 + b0), 0.5f * (a1 + c1 + b1), 0.5f * (a2 + c2 + b2), u, to + 4 * step, step);
        line(0.5f * (a0 + c0 - b0), 0.5f * (a1 + c1 - b1), 0.5f * (a2 + c2 - b2), u, to + 8 * step, step);
        line(c0, c1, c2, u, to + 12 * step, step);
    }

    private static void line(float left, float middle, float right, float[] u, int to, int step) {
        float ends = left + right;
        u[to] = left;
        u[to + step] = 0.5f * (ends + middle);
        u[to + 2 * step] = 0.5f * (ends - middle);
        u[to + 3 * step] = right;
    }
}
