package dev.sotto.data.generated;

import static dev.sotto.data.generated.Stroke.curve;
import static dev.sotto.data.generated.Stroke.line;

import java.util.List;

/** The ways in which people write each digit, as strokes in the unit square. */
final class Glyphs {
    private static final List<List<List<Stroke>>> DIGITS =
            List.of(zero(), one(), two(), three(), four(), five(), six(), seven(), eight(), nine());

    private Glyphs() {}

    /** The variants of a digit. */
    static List<List<Stroke>> of(int digit) {
        return DIGITS.get(digit);
    }

    private static List<List<Stroke>> zero() {
        return List.of(
                List.of(curve(
                        0.50, 0.04, 0.22, 0.17, 0.12, 0.50, 0.22, 0.83, 0.50, 0.96, 0.78, 0.83, 0.88, 0.50, 0.78, 0.17,
                        0.50, 0.04)),
                List.of(curve(
                        0.62, 0.06, 0.36, 0.12, 0.20, 0.42, 0.22, 0.80, 0.46, 0.95, 0.72, 0.78, 0.82, 0.40, 0.70, 0.12,
                        0.48, 0.10)));
    }

    private static List<List<Stroke>> one() {
        return List.of(
                List.of(line(0.50, 0.04, 0.50, 0.96)),
                List.of(line(0.28, 0.26, 0.54, 0.04, 0.54, 0.96)),
                List.of(line(0.30, 0.22, 0.52, 0.05, 0.52, 0.94), line(0.26, 0.95, 0.78, 0.95)));
    }

    private static List<List<Stroke>> two() {
        return List.of(
                List.of(
                        curve(0.16, 0.26, 0.30, 0.08, 0.58, 0.04, 0.80, 0.20, 0.75, 0.44, 0.46, 0.72, 0.14, 0.95),
                        line(0.14, 0.95, 0.88, 0.94)),
                List.of(curve(
                        0.18, 0.22, 0.40, 0.05, 0.70, 0.10, 0.78, 0.32, 0.58, 0.62, 0.30, 0.88, 0.14, 0.92, 0.14, 0.80,
                        0.30, 0.78, 0.58, 0.93, 0.90, 0.88)));
    }

    private static List<List<Stroke>> three() {
        return List.of(
                List.of(
                        curve(0.18, 0.16, 0.42, 0.04, 0.72, 0.12, 0.74, 0.34, 0.42, 0.47),
                        curve(0.42, 0.47, 0.78, 0.56, 0.82, 0.80, 0.52, 0.96, 0.14, 0.86)),
                List.of(
                        line(0.18, 0.06, 0.80, 0.06, 0.44, 0.42),
                        curve(0.44, 0.42, 0.76, 0.50, 0.82, 0.76, 0.54, 0.96, 0.14, 0.85)));
    }

    private static List<List<Stroke>> four() {
        return List.of(
                List.of(line(0.30, 0.06, 0.14, 0.58, 0.86, 0.58), line(0.70, 0.26, 0.66, 0.96)),
                List.of(line(0.66, 0.96, 0.66, 0.04, 0.12, 0.66, 0.90, 0.66)),
                List.of(curve(0.24, 0.10, 0.16, 0.46, 0.40, 0.56, 0.76, 0.42), line(0.78, 0.06, 0.72, 0.96)));
    }

    private static List<List<Stroke>> five() {
        return List.of(
                List.of(
                        line(0.80, 0.06, 0.28, 0.06, 0.22, 0.46),
                        curve(0.22, 0.46, 0.50, 0.36, 0.80, 0.52, 0.80, 0.78, 0.50, 0.96, 0.14, 0.86)),
                List.of(
                        curve(0.30, 0.10, 0.24, 0.38, 0.56, 0.44, 0.80, 0.66, 0.62, 0.92, 0.18, 0.92),
                        line(0.30, 0.10, 0.84, 0.06)));
    }

    private static List<List<Stroke>> six() {
        return List.of(
                List.of(curve(
                        0.70, 0.04, 0.40, 0.24, 0.20, 0.56, 0.24, 0.84, 0.50, 0.96, 0.76, 0.83, 0.74, 0.60, 0.50, 0.50,
                        0.24, 0.66)),
                List.of(curve(
                        0.46, 0.04, 0.26, 0.34, 0.18, 0.70, 0.36, 0.94, 0.68, 0.92, 0.80, 0.72, 0.62, 0.56, 0.36, 0.62,
                        0.22, 0.78)));
    }

    private static List<List<Stroke>> seven() {
        return List.of(
                List.of(line(0.14, 0.07, 0.86, 0.07, 0.42, 0.96)),
                List.of(line(0.14, 0.08, 0.84, 0.08, 0.44, 0.96), line(0.34, 0.50, 0.80, 0.48)),
                List.of(
                        line(0.16, 0.20, 0.18, 0.08, 0.84, 0.08),
                        curve(0.84, 0.08, 0.60, 0.42, 0.48, 0.70, 0.46, 0.96)));
    }

    private static List<List<Stroke>> eight() {
        return List.of(
                List.of(curve(
                        0.50, 0.48, 0.24, 0.30, 0.30, 0.10, 0.50, 0.04, 0.70, 0.10, 0.76, 0.30, 0.50, 0.48, 0.20, 0.70,
                        0.26, 0.90, 0.50, 0.97, 0.74, 0.90, 0.80, 0.70, 0.50, 0.48)),
                List.of(curve(
                        0.76, 0.18, 0.52, 0.04, 0.26, 0.16, 0.30, 0.36, 0.56, 0.50, 0.78, 0.70, 0.70, 0.92, 0.44, 0.96,
                        0.22, 0.80, 0.36, 0.58, 0.62, 0.42, 0.76, 0.18)));
    }

    private static List<List<Stroke>> nine() {
        return List.of(
                List.of(
                        curve(0.76, 0.26, 0.58, 0.06, 0.32, 0.10, 0.20, 0.32, 0.36, 0.52, 0.62, 0.46, 0.76, 0.26),
                        line(0.76, 0.26, 0.70, 0.96)),
                List.of(curve(
                        0.76, 0.28, 0.60, 0.06, 0.34, 0.08, 0.20, 0.30, 0.34, 0.50, 0.62, 0.46, 0.76, 0.28, 0.76, 0.60,
                        0.60, 0.88, 0.26, 0.94)));
    }
}
