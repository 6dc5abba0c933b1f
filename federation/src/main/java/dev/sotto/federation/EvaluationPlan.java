package dev.sotto.federation;

import dev.sotto.privacy.Require;

/**
 * When and by whom the model is evaluated.
 *
 * @param every after every so many rounds, and after the last
 * @param fraction share of the clients that evaluate on what they held out, in rounds that are evaluated
 * @param minClients how many evaluate at least, if there are as many
 * @param uniform whether each client's scores count the same; if not, each of its examples does
 */
public record EvaluationPlan(int every, double fraction, int minClients, boolean uniform) {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public EvaluationPlan {
        Require.atLeast("evaluate-every", every, 1);
        Require.probability("share of evaluating clients", fraction);
        Require.atLeast("least number of evaluating clients", minClients, 0);
    }

    /** Everybody who holds examples out, after every so many rounds, weighted by examples. */
    public static EvaluationPlan every(int rounds) {
        return new EvaluationPlan(rounds, 1, 0, false);
    }

    /** Whether a round is evaluated. */
    public boolean due(int round, int rounds) {
        return round % every == 0 || round == rounds;
    }
}
