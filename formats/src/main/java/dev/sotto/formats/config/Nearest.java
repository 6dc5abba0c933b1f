package dev.sotto.formats.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The word a person most likely meant. */
public final class Nearest {
    private Nearest() {}

    /** The candidate with the fewest edits from {@code word}, if it is near enough to be worth offering. */
    public static Optional<String> to(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.<String>comparingInt(candidate -> edits(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(best -> edits(word, best) <= Math.max(2, word.length() / 3));
    }

    /** Levenshtein distance, with a swap of neighbours counted once. */
    private static int edits(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(distance[i - 1][j] + 1, distance[i][j - 1] + 1);
                best = Math.min(best, distance[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = best;
            }
        }
        return distance[a.length()][b.length()];
    }
}
