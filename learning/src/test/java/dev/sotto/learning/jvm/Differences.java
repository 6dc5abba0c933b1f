package dev.sotto.learning.jvm;

/** How far arrays are from each other. */
final class Differences {
    private Differences() {}

    /** The largest absolute difference; infinite where only one is a number. */
    static double largest(float[] actual, float[] expected) {
        double largest = actual.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            boolean same = Float.compare(actual[i], expected[i]) == 0;
            largest = Math.max(largest, same ? 0 : Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }
}
