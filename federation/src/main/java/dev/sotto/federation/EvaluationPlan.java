package dev.sotto.federation;

import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * When and by whom the model is evaluated.
 *
 * @param every after every so many rounds, and after the last
 * @param fraction share of the clients that evaluate on what they held out, in rounds that are evaluated; 0 for none
 * @param minClients how many evaluate at least, if there are as many
 * @param uniform whether each client's scores count the same; if not, each of its examples does
 * @param privateMetrics how clients' accuracy is released under privacy; empty to withhold it. Where nothing is private,
 *     scores are exact
 */
public record EvaluationPlan(
        int every, double fraction, int minClients, boolean uniform, Optional<PrivateMetrics> privateMetrics) {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public EvaluationPlan {
        Require.atLeast("evaluate-every", every, 1);
        Require.probability("share of evaluating clients", fraction);
        Require.atLeast("least number of evaluating clients", minClients, 0);
    }

    /** Scores are withheld under privacy. */
    public EvaluationPlan(int every, double fraction, int minClients, boolean uniform) {
        this(every, fraction, minClients, uniform, Optional.empty());
    }

    /** Everybody who holds examples out, after every so many rounds, weighted by examples. */
    public static EvaluationPlan every(int rounds) {
        return new EvaluationPlan(rounds, 1, 0, false);
    }

    /** Whether a round is evaluated. */
    public boolean due(int round, int rounds) {
        return round % every == 0 || round == rounds;
    }

    /** How many of that many rounds are evaluated. */
    public int evaluations(int rounds) {
        return (rounds + every - 1) / every;
    }

    /** How many of that many clients evaluate: the fraction rounded down, but not fewer than the least number, or one. */
    int asked(int clients) {
        return Math.min(clients, Math.max(Math.max(1, minClients), (int) (fraction * clients + 1e-9)));
    }

    /**
     * Who evaluates: as many as asked for, drawn at random.
     *
     * @param training how those who train are drawn: each by itself, if they are
     */
    Cohort evaluators(Cohort training, int clients) {
        return training instanceof Cohort.Poisson
                ? new Cohort.Poisson(Math.min(1, Math.max(fraction, (double) minClients / clients)))
                : new Cohort.FixedSize(asked(clients));
    }
}
