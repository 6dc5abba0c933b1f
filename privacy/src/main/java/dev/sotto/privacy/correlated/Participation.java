package dev.sotto.privacy.correlated;

import dev.sotto.privacy.Require;

/**
 * In which rounds one client may take part: at most {@code maxParticipations} of {@code rounds}, any two at least {@code
 * minSeparation} apart. A client that was chosen and dropped out has taken part. Separation 1 allows every round.
 *
 * @param rounds rounds of the whole run, at least 1
 * @param minSeparation smallest difference between the numbers of two rounds with the same client, at least 1
 * @param maxParticipations at least 1; more than the separation leaves room for is cut down to that
 */
public record Participation(int rounds, int minSeparation, int maxParticipations) {
    /** Checks the ranges. */
    public Participation {
        Require.atLeast("rounds", rounds, 1);
        Require.atLeast("minimum separation", minSeparation, 1);
        Require.atLeast("maximum participations", maxParticipations, 1);
        maxParticipations = Math.min(maxParticipations, mostOf(rounds, minSeparation));
    }

    /** As often as the separation allows: ceil(rounds / minSeparation) times. */
    public static Participation separated(int rounds, int minSeparation) {
        return new Participation(rounds, minSeparation, Integer.MAX_VALUE);
    }

    /** Each client once. */
    public static Participation once(int rounds) {
        return new Participation(rounds, Math.max(rounds, 1), 1);
    }

    private static int mostOf(int rounds, int minSeparation) {
        return (int) (((long) rounds + minSeparation - 1) / minSeparation);
    }
}
