package dev.sotto.benchmarks.engine;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.openblas.presets.openblas;

/** The yardstick: OpenBLAS multiplying square matrices of floats on the calling thread. One thread at a time. */
public final class Sgemm {
    private static final int SIZE = 768;
    private final float[] a = filled();
    private final float[] b = filled();
    private final float[] c = filled();

    /** Fresh matrices. */
    public Sgemm() {
        openblas.blas_set_num_threads(1);
    }

    private static float[] filled() {
        float[] matrix = new float[SIZE * SIZE];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = i % 17 * 0.01f;
        }
        return matrix;
    }

    /** Operations of one call of {@link #multiply}. */
    public long flops() {
        return 2L * SIZE * SIZE * SIZE;
    }

    /** One product. */
    public void multiply() {
        openblas_nolapack.cblas_sgemm(
                openblas_nolapack.CblasRowMajor,
                openblas_nolapack.CblasNoTrans,
                openblas_nolapack.CblasNoTrans,
                SIZE,
                SIZE,
                SIZE,
                1f,
                a,
                SIZE,
                b,
                SIZE,
                0f,
                c,
                SIZE);
    }
}
