package dev.sotto.kernels;

/** Between lane-major and example-major order. */
final class Transposition {
    private Transposition() {}

    static void toExamples(float[] x, int rows, int examples, int lanes, float[] byExample) {
        for (int n = 0; n < examples; n++) {
            int at = n * rows;
            for (int i = 0; i < rows; i++) {
                byExample[at + i] = x[i * lanes + n];
            }
        }
    }

    static void toLanes(float[] byExample, int rows, int examples, int lanes, float[] x) {
        for (int n = 0; n < lanes; n++) {
            int at = n * rows;
            for (int i = 0; i < rows; i++) {
                x[i * lanes + n] = n < examples ? byExample[at + i] : 0;
            }
        }
    }
}
