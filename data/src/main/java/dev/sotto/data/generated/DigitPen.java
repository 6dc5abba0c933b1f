package dev.sotto.data.generated;

import dev.sotto.data.SeededRandom;
import java.util.List;

/**
 * Draws one distorted digit at a time: a variant of its strokes with every control point a little off, a random hand
 * ({@link Distortion}), a random pen, stray marks, and sensor noise. Not thread-safe.
 */
final class DigitPen {
    static final int SIDE = 28;

    private final Canvas canvas = new Canvas(SIDE);
    private final double[] control = new double[64];
    private final double[] polyline = new double[512];

    void draw(int digit, SeededRandom random, byte[] into, int offset) {
        canvas.clear();
        strayMarks(random);
        digit(digit, random);
        develop(random, into, offset);
    }

    private void digit(int digit, SeededRandom random) {
        List<List<Stroke>> variants = Glyphs.of(digit);
        List<Stroke> strokes = variants.get(random.nextInt(variants.size()));
        Distortion hand = new Distortion(SIDE, random);
        double radius = random.uniform(0.65, 1.75);
        double softness = random.uniform(0.5, 0.9);
        canvas.penDown();
        for (Stroke stroke : strokes) {
            for (int p = 0; p < stroke.size(); p++) {
                double x = stroke.x(p) + 0.022 * random.nextGaussian();
                double y = stroke.y(p) + 0.022 * random.nextGaussian();
                hand.move(x, y, control, 2 * p);
            }
            int points = Stroke.flatten(stroke.smooth(), control, stroke.size(), polyline);
            canvas.trace(polyline, points, radius + softness);
        }
        canvas.penUp(radius, softness, random.uniform(0.75, 1.0));
    }

    private void strayMarks(SeededRandom random) {
        int marks = random.nextInt(3);
        for (int m = 0; m < marks; m++) {
            double x = random.uniform(1, SIDE - 1);
            double y = random.uniform(1, SIDE - 1);
            double[] mark = {x, y, x + random.uniform(-5, 5), y + random.uniform(-5, 5)};
            canvas.penDown();
            canvas.trace(mark, 2, 1.5);
            canvas.penUp(random.uniform(0.3, 0.8), 0.6, random.uniform(0.2, 0.6));
        }
    }

    /** Ink to bytes, with a triangular noise from two bytes of randomness per pixel. */
    private void develop(SeededRandom random, byte[] into, int offset) {
        float[] ink = canvas.ink();
        float noise = (float) random.uniform(0.02, 0.16);
        long bits = 0;
        for (int i = 0; i < ink.length; i++) {
            bits = i % 4 == 0 ? random.nextLong() : bits >>> 16;
            float triangular = ((bits & 0xff) - ((bits >>> 8) & 0xff)) / 255f;
            float grey = ink[i] + noise * triangular;
            into[offset + i] = (byte) Math.round(255 * Math.max(0, Math.min(1, grey)));
        }
    }
}
