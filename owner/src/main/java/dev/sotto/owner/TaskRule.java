package dev.sotto.owner;

import dev.sotto.federation.RoundTask;

/**
 * Which tasks were agreed to, whatever a coordinator asks.
 *
 * @param terms that were agreed to
 * @param holdsOut whether there is anything to evaluate on
 */
record TaskRule(AgreedTerms terms, boolean holdsOut) {
    /**
     * Lets a task to train pass.
     *
     * @param last round that was released; 0 if none was
     * @throws SessionRefusedException if it is not what was agreed to, or its round is over
     */
    void requireAgreed(RoundTask task, int last) {
        if (task.round() < last) {
            throw refused("round " + task.round() + " is over: round " + last + " was released");
        }
        if (!task.method().equals(terms.method())) {
            throw refused("the task's method is not the one agreed to");
        }
        ReleaseRule.broken(task, terms.clientLevel()).ifPresent(reason -> {
            throw refused("round " + task.round() + ": " + reason);
        });
    }

    /**
     * Lets one of the plan's rounds pass.
     *
     * @throws SessionRefusedException if it is none of them
     */
    void requireRound(int round) {
        if (round < 1 || round > terms.plan().rounds()) {
            throw refused(
                    "round " + round + " is not one of the " + terms.plan().rounds() + " agreed to");
        }
    }

    /** What the plan does not foresee is not measured, whoever asks. */
    boolean withholdsEvaluation(int round) {
        var evaluation = terms.plan().evaluation();
        boolean guarded = terms.privacy().isPresent() || terms.clientLevel().isPresent();
        return !holdsOut
                || evaluation.fraction() == 0
                || !evaluation.due(round, terms.plan().rounds())
                || (guarded && evaluation.privateMetrics().isEmpty());
    }

    private SessionRefusedException refused(String reason) {
        return new SessionRefusedException(terms.key() + ": " + reason);
    }
}
