package dev.sotto.kernels;

/** Between lane-major and example-major order, in blocks of rows whose cache lines stay near until they are complete. */
final class Transposition {
    private static final int BLOCK = 32;

    private Transposition() {}

    static void toExamples(float[] x, int rows, int examples, int lanes, float[] byExample) {
        for (int first = 0; first < rows; first += BLOCK) {
            int end = Math.min(rows, first + BLOCK);
            for (int n = 0; n < examples; n++) {
                gather(x, first, end, n, lanes, byExample, n * rows);
            }
        }
    }

    private static void gather(float[] x, int first, int end, int lane, int lanes, float[] row, int at) {
        for (int i = first; i < end; i++) {
            row[at + i] = x[i * lanes + lane];
        }
    }

    static void toLanes(float[] byExample, int rows, int examples, int lanes, float[] x) {
        for (int first = 0; first < rows; first += BLOCK) {
            int end = Math.min(rows, first + BLOCK);
            for (int n = 0; n < examples; n++) {
                scatter(byExample, n * rows, first, end, n, lanes, x);
            }
            for (int n = examples; n < lanes; n++) {
                clear(first, end, n, lanes, x);
            }
        }
    }

    private static void scatter(float[] row, int at, int first, int end, int lane, int lanes, float[] x) {
        for (int i = first; i < end; i++) {
            x[i * lanes + lane] = row[at + i];
        }
    }

    private static void clear(int first, int end, int lane, int lanes, float[] x) {
        for (int i = first; i < end; i++) {
            x[i * lanes + lane] = 0;
        }
    }
}
