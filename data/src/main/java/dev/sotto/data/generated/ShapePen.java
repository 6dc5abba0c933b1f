package dev.sotto.data.generated;

import static dev.sotto.data.generated.Stroke.curve;
import static dev.sotto.data.generated.Stroke.line;

import dev.sotto.data.SeededRandom;
import java.util.List;

/**
 * Draws distorted outlines of ten shapes in a random colour on a background of two other colours, with noise. The
 * colour says nothing about the class. Not thread-safe.
 */
final class ShapePen {
    static final int SIDE = 32;

    static final List<String> NAMES =
            List.of("circle", "square", "triangle", "plus", "cross", "star", "arrow", "zigzag", "wave", "spiral");

    private static final List<List<Stroke>> SHAPES = List.of(
            List.of(curve(
                    0.5, 0.05, 0.18, 0.18, 0.05, 0.5, 0.18, 0.82, 0.5, 0.95, 0.82, 0.82, 0.95, 0.5, 0.82, 0.18, 0.5,
                    0.05)),
            List.of(line(0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9, 0.1, 0.1)),
            List.of(line(0.5, 0.06, 0.94, 0.9, 0.06, 0.9, 0.5, 0.06)),
            List.of(line(0.5, 0.05, 0.5, 0.95), line(0.05, 0.5, 0.95, 0.5)),
            List.of(line(0.1, 0.1, 0.9, 0.9), line(0.9, 0.1, 0.1, 0.9)),
            List.of(line(0.5, 0.03, 0.78, 0.92, 0.05, 0.36, 0.95, 0.36, 0.22, 0.92, 0.5, 0.03)),
            List.of(line(0.05, 0.5, 0.92, 0.5), line(0.6, 0.18, 0.94, 0.5, 0.6, 0.82)),
            List.of(line(0.04, 0.75, 0.27, 0.25, 0.5, 0.75, 0.73, 0.25, 0.96, 0.75)),
            List.of(curve(0.04, 0.5, 0.16, 0.24, 0.3, 0.3, 0.5, 0.5, 0.7, 0.7, 0.84, 0.76, 0.96, 0.5)),
            List.of(curve(
                    0.5, 0.5, 0.6, 0.44, 0.62, 0.58, 0.46, 0.66, 0.34, 0.5, 0.42, 0.3, 0.66, 0.28, 0.8, 0.5, 0.7, 0.78,
                    0.42, 0.86, 0.14, 0.64)));

    private final Canvas canvas = new Canvas(SIDE);
    private final double[] control = new double[64];
    private final double[] polyline = new double[512];

    void draw(int shape, SeededRandom random, byte[] into, int offset) {
        canvas.clear();
        Distortion hand = new Distortion(SIDE, random);
        double radius = random.uniform(0.9, 2.0);
        canvas.penDown();
        for (Stroke stroke : SHAPES.get(shape)) {
            for (int p = 0; p < stroke.size(); p++) {
                hand.move(
                        stroke.x(p) + 0.02 * random.nextGaussian(),
                        stroke.y(p) + 0.02 * random.nextGaussian(),
                        control,
                        2 * p);
            }
            canvas.trace(polyline, Stroke.flatten(stroke.smooth(), control, stroke.size(), polyline), radius + 0.8);
        }
        canvas.penUp(radius, 0.8, 1);
        colour(random, into, offset);
    }

    /** The background fades from one colour to a near one; the ink differs from it by at least 0.35 in some channel. */
    private void colour(SeededRandom random, byte[] into, int offset) {
        float[] from = new float[3];
        float[] to = new float[3];
        float[] ink = new float[3];
        float contrast;
        do {
            contrast = 0;
            for (int c = 0; c < 3; c++) {
                from[c] = (float) random.nextDouble();
                to[c] = Math.max(0, Math.min(1, from[c] + (float) random.uniform(-0.25, 0.25)));
                ink[c] = (float) random.nextDouble();
                contrast = Math.max(contrast, Math.min(Math.abs(ink[c] - from[c]), Math.abs(ink[c] - to[c])));
            }
        } while (contrast < 0.35f);
        float tilt = (float) random.nextDouble();
        float noise = (float) random.uniform(0.02, 0.12);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < SIDE * SIDE; i++) {
                int x = i % SIDE;
                int y = i / SIDE;
                float along = (tilt * x + (1 - tilt) * y) / (SIDE - 1);
                float ground = from[c] + along * (to[c] - from[c]);
                float cover = canvas.ink()[i];
                float value = ground + cover * (ink[c] - ground) + noise * (float) random.uniform(-1, 1);
                into[offset + c * SIDE * SIDE + i] = (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
            }
        }
    }
}
