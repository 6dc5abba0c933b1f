package dev.sotto.kernels;

import java.util.Arrays;

/** Pooling in plain Java. */
final class JavaPooling {
    private JavaPooling() {}

    static void max(PoolWindows windows, int lanes, float[] in, float[] out) {
        for (int w = 0; w < windows.channels * windows.outPositions; w++) {
            int plane = w / windows.outPositions * windows.inPlane;
            int p = w % windows.outPositions;
            for (int l = 0; l < lanes; l++) {
                float m = Float.NEGATIVE_INFINITY;
                for (int k = windows.starts[p]; k < windows.starts[p + 1]; k++) {
                    m = Math.max(m, in[plane + windows.offsets[k] + l]);
                }
                out[w * lanes + l] = m;
            }
        }
    }

    static void maxGradient(PoolWindows windows, int lanes, float[] in, float[] out, float[] dout, float[] din) {
        Arrays.fill(din, 0, windows.channels * windows.inPlane, 0f);
        for (int w = 0; w < windows.channels * windows.outPositions; w++) {
            int plane = w / windows.outPositions * windows.inPlane;
            int p = w % windows.outPositions;
            for (int l = 0; l < lanes; l++) {
                for (int k = windows.starts[p]; k < windows.starts[p + 1]; k++) {
                    int i = plane + windows.offsets[k] + l;
                    if (in[i] == out[w * lanes + l]) {
                        din[i] += dout[w * lanes + l];
                        break;
                    }
                }
            }
        }
    }

    static void average(PoolWindows windows, int lanes, float[] in, float[] out) {
        for (int w = 0; w < windows.channels * windows.outPositions; w++) {
            int plane = w / windows.outPositions * windows.inPlane;
            int p = w % windows.outPositions;
            for (int l = 0; l < lanes; l++) {
                float sum = 0;
                for (int k = windows.starts[p]; k < windows.starts[p + 1]; k++) {
                    sum += in[plane + windows.offsets[k] + l];
                }
                out[w * lanes + l] = sum / windows.area;
            }
        }
    }

    static void averageGradient(PoolWindows windows, int lanes, float[] dout, float[] din) {
        Arrays.fill(din, 0, windows.channels * windows.inPlane, 0f);
        for (int w = 0; w < windows.channels * windows.outPositions; w++) {
            int plane = w / windows.outPositions * windows.inPlane;
            int p = w % windows.outPositions;
            for (int l = 0; l < lanes; l++) {
                float share = dout[w * lanes + l] / windows.area;
                for (int k = windows.starts[p]; k < windows.starts[p + 1]; k++) {
                    din[plane + windows.offsets[k] + l] += share;
                }
            }
        }
    }
}
