package dev.sotto.data.generated;

import java.util.Arrays;

/**
 * A grey canvas on which round pens draw polylines with soft edges. Ink adds up as the maximum over strokes. Reused
 * from image to image; not thread-safe.
 */
final class Canvas {
    private final int side;
    private final float[] ink;
    private final float[] nearest;

    Canvas(int side) {
        this.side = side;
        this.ink = new float[side * side];
        this.nearest = new float[side * side];
    }

    void clear() {
        Arrays.fill(ink, 0);
    }

    float[] ink() {
        return ink;
    }

    /** Starts a set of polylines drawn with one pen. */
    void penDown() {
        Arrays.fill(nearest, Float.MAX_VALUE);
    }

    /** Adds a polyline of x, y pairs (pixel centres at half-integers), {@code reach} pixels to each side. */
    void trace(double[] points, int count, double reach) {
        for (int i = 0; i + 1 < count; i++) {
            segment(points[2 * i], points[2 * i + 1], points[2 * i + 2], points[2 * i + 3], reach);
        }
    }

    private void segment(double x0, double y0, double x1, double y1, double reach) {
        int left = clamp((int) Math.floor(Math.min(x0, x1) - reach - 0.5));
        int right = clamp((int) Math.ceil(Math.max(x0, x1) + reach - 0.5));
        int top = clamp((int) Math.floor(Math.min(y0, y1) - reach - 0.5));
        int bottom = clamp((int) Math.ceil(Math.max(y0, y1) + reach - 0.5));
        float dx = (float) (x1 - x0);
        float dy = (float) (y1 - y0);
        float inverse = 1 / Math.max(dx * dx + dy * dy, 1e-9f);
        for (int y = top; y <= bottom; y++) {
            float py = y + 0.5f - (float) y0;
            for (int x = left; x <= right; x++) {
                float px = x + 0.5f - (float) x0;
                float t = Math.max(0, Math.min(1, (px * dx + py * dy) * inverse));
                float ex = px - t * dx;
                float ey = py - t * dy;
                int at = y * side + x;
                nearest[at] = Math.min(nearest[at], ex * ex + ey * ey);
            }
        }
    }

    /** Inks everything traced since {@link #penDown} with this radius, edge softness (pixels) and darkness. */
    void penUp(double radius, double softness, double darkness) {
        float edge = (float) (radius + softness);
        float edge2 = edge * edge;
        float slope = (float) (1 / (2 * softness));
        for (int i = 0; i < ink.length; i++) {
            if (nearest[i] < edge2) {
                float cover = Math.min(1, (edge - (float) Math.sqrt(nearest[i])) * slope);
                ink[i] = Math.max(ink[i], cover * (float) darkness);
            }
        }
    }

    private int clamp(int at) {
        return Math.max(0, Math.min(side - 1, at));
    }
}
