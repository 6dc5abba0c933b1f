package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Pooling over windows of offsets. */
final class VectorPooling {
    private VectorPooling() {}

    static void max(PoolWindows windows, float[] in, float[] out) {
        if (windows.neighbours) {
            VectorNeighbourPooling.max(windows, in, out);
            return;
        }
        int at = 0;
        for (int c = 0; c < windows.channels; c++) {
            int plane = c * windows.inPlane;
            for (int p = 0; p < windows.outPositions; p++, at += COUNT) {
                int k = windows.starts[p];
                FloatVector m = load(in, plane + windows.offsets[k]);
                for (k++; k < windows.starts[p + 1]; k++) {
                    m = m.max(load(in, plane + windows.offsets[k]));
                }
                m.intoArray(out, at);
            }
        }
    }

    static void maxGradient(PoolWindows windows, float[] in, float[] out, float[] dout, float[] din) {
        if (windows.neighbours) {
            VectorNeighbourPooling.maxGradient(windows, in, out, dout, din);
            return;
        }
        Arrays.fill(din, 0, windows.channels * windows.inPlane, 0f);
        FloatVector zero = all(0);
        int at = 0;
        for (int c = 0; c < windows.channels; c++) {
            int plane = c * windows.inPlane;
            for (int p = 0; p < windows.outPositions; p++, at += COUNT) {
                FloatVector m = load(out, at);
                FloatVector g = load(dout, at);
                for (int k = windows.starts[p]; k < windows.starts[p + 1]; k++) {
                    int i = plane + windows.offsets[k];
                    VectorMask<Float> here = load(in, i).eq(m);
                    load(din, i).add(zero.blend(g, here)).intoArray(din, i);
                    g = g.blend(zero, here);
                }
            }
        }
    }

    static void average(PoolWindows windows, float[] in, float[] out) {
        float share = 1f / windows.area;
        int at = 0;
        for (int c = 0; c < windows.channels; c++) {
            int plane = c * windows.inPlane;
            for (int p = 0; p < windows.outPositions; p++, at += COUNT) {
                FloatVector a = all(0);
                for (int k = windows.starts[p]; k < windows.starts[p + 1]; k++) {
                    a = a.add(load(in, plane + windows.offsets[k]));
                }
                a.mul(share).intoArray(out, at);
            }
        }
    }

    static void averageGradient(PoolWindows windows, float[] dout, float[] din) {
        Arrays.fill(din, 0, windows.channels * windows.inPlane, 0f);
        float share = 1f / windows.area;
        int at = 0;
        for (int c = 0; c < windows.channels; c++) {
            int plane = c * windows.inPlane;
            for (int p = 0; p < windows.outPositions; p++, at += COUNT) {
                FloatVector g = load(dout, at).mul(share);
                for (int k = windows.starts[p]; k < windows.starts[p + 1]; k++) {
                    int i = plane + windows.offsets[k];
                    load(din, i).add(g).intoArray(din, i);
                }
            }
        }
    }
}
