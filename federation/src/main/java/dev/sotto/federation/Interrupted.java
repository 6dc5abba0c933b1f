package dev.sotto.federation;

import dev.sotto.federation.RunResult.Ending;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.random.Randomness;
import java.util.List;
import java.util.Optional;

/**
 * A run to be gone on with.
 *
 * @param state after its last round that is safe
 * @param history up to that round
 * @param begun rounds that were begun after it and did not come to a safe end: what they reserved stays spent
 */
public record Interrupted(FederationState state, List<RoundRecord> history, List<Begun> begun) {
    public Interrupted {
        history = List.copyOf(history);
        begun = List.copyOf(begun);
    }

    /**
     * How a run stands that is not gone on with, or not yet: its rounds, what they spent, and what was begun and came to no
     * safe end.
     *
     * @param clients how many there are
     * @param ending why it ended
     * @param reason the ending in one line, where there is more to say
     */
    public RunResult left(Plan plan, Strategy strategy, int clients, Ending ending, Optional<String> reason) {
        // Nothing is drawn: the secret generator is there because a mechanism wants one.
        Optional<ClientLevelRounds> rounds = ClientLevelRounds.of(plan, clients, strategy.fresh(), Randomness.secret());
        rounds.ifPresent(own -> {
            own.restore(state.clientLevel().orElseThrow());
            begun.forEach(each -> chargeIfItFits(own, each.round()));
        });
        return new RunResult(state.parameters().clone(), history, ending, reason, rounds.map(ClientLevelRounds::total));
    }

    /**
     * Rounds that were begun before and came to no safe end, each as often as that happened, and were done again since: under
     * client-level privacy what clients did in them is spent besides what the history tells.
     */
    public List<Integer> doneAgain() {
        return state.clientLevel().stream()
                .flatMap(level -> level.ledger().stream())
                .flatMapToInt(entry -> ClientLevelRounds.interrupted(entry).stream())
                .boxed()
                .toList();
    }

    private static void chargeIfItFits(ClientLevelRounds rounds, int round) {
        try {
            rounds.charge(round);
        } catch (BudgetExceededException e) {
            // The whole run is booked already.
        }
    }

    /**
     * A round of which no more is known than that data may have been touched.
     *
     * @param cohort who was asked
     */
    public record Begun(int round, List<String> cohort) {}
}
