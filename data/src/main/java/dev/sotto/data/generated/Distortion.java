package dev.sotto.data.generated;

import dev.sotto.data.SeededRandom;

/**
 * A random hand: moves points of the unit square onto a square canvas by a random affine map (size, aspect, slant,
 * rotation, position) after a smooth elastic displacement, a sum of a few slow waves.
 */
final class Distortion {
    private static final int WAVES = 3;

    private final double xx;
    private final double xy;
    private final double yx;
    private final double yy;
    private final double centreX;
    private final double centreY;
    private final double[] waves = new double[WAVES * 5];

    Distortion(int side, SeededRandom random) {
        double unit = side / 28.0;
        double height = unit * random.uniform(15.5, 21.5);
        double width = height * random.uniform(0.62, 1.0);
        double angle = 0.16 * clipped(random);
        double slant = 0.10 + 0.20 * clipped(random);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        xx = cos * width;
        xy = -(cos * slant + sin) * height;
        yx = sin * width;
        yy = (cos - sin * slant) * height;
        centreX = unit * (14 + random.uniform(-2.6, 2.6));
        centreY = unit * (14 + random.uniform(-2.2, 2.2));
        for (int w = 0; w < WAVES; w++) {
            waves[5 * w] = 0.034 * random.nextGaussian();
            waves[5 * w + 1] = 0.034 * random.nextGaussian();
            waves[5 * w + 2] = random.uniform(-7, 7);
            waves[5 * w + 3] = random.uniform(-7, 7);
            waves[5 * w + 4] = random.uniform(0, 2 * Math.PI);
        }
    }

    private static double clipped(SeededRandom random) {
        return Math.max(-2, Math.min(2, random.nextGaussian()));
    }

    /** Moves a point; x and y of the result go to {@code into[at]} and {@code into[at + 1]}. */
    void move(double x, double y, double[] into, int at) {
        double dx = x - 0.5;
        double dy = y - 0.5;
        for (int w = 0; w < waves.length; w += 5) {
            double s = StrictMath.sin(waves[w + 2] * x + waves[w + 3] * y + waves[w + 4]);
            dx += waves[w] * s;
            dy += waves[w + 1] * s;
        }
        into[at] = centreX + xx * dx + xy * dy;
        into[at + 1] = centreY + yx * dx + yy * dy;
    }
}
