package dev.sotto.federation.strategy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Squared distances between the updates of a round, and the scores that Krum makes of them. O(n^2 d) once. */
final class Neighbours {
    private final double[][] squares;

    Neighbours(List<float[]> updates) {
        int count = updates.size();
        squares = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                squares[i][j] = squared(updates.get(i), updates.get(j));
                squares[j][i] = squares[i][j];
            }
        }
    }

    private static double squared(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = (double) one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }

    /** All positions by score, the best first; of equal ones the first position. */
    List<Integer> ranked(int malicious) {
        return ranked(all(), malicious);
    }

    /** So many positions, each the best of those that are left. */
    List<Integer> picked(int count, int malicious) {
        List<Integer> left = new ArrayList<>(all());
        List<Integer> picked = new ArrayList<>();
        while (picked.size() < count) {
            Integer best = ranked(left, malicious).get(0);
            left.remove(best);
            picked.add(best);
        }
        return picked;
    }

    private List<Integer> all() {
        return IntStream.range(0, squares.length).boxed().toList();
    }

    private List<Integer> ranked(List<Integer> among, int malicious) {
        int neighbours = Math.max(1, among.size() - malicious - 2);
        double[] scores = new double[squares.length];
        among.forEach(i -> scores[i] = score(i, among, neighbours));
        return among.stream().sorted(Comparator.comparingDouble(i -> scores[i])).toList();
    }

    /** The sum of the squared distances to the closest others. */
    private double score(int i, List<Integer> among, int neighbours) {
        double[] others = among.stream()
                .filter(j -> j != i)
                .mapToDouble(j -> squares[i][j])
                .toArray();
        Arrays.sort(others);
        return Arrays.stream(others, 0, Math.min(neighbours, others.length)).sum();
    }
}
