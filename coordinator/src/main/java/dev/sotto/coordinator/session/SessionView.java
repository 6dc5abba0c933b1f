package dev.sotto.coordinator.session;

import dev.sotto.coordinator.store.SessionState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A session as people see it: nothing that its guarantees withhold.
 *
 * @param state where it stands
 * @param reason why it is there, where there is more to say
 * @param rounds committed
 * @param accuracy the last one measured
 * @param epsilon spent so far: of clients where they are protected, else the largest of an example
 * @param unit whose presence is hidden: an example, a client, or none; empty before the first round
 * @param packageDigest SHA-256 of its package
 * @param model SHA-256 of the model after the last committed round, or of the one to begin with
 * @param result what a run prints as JSON; empty until the session is over
 */
public record SessionView(
        String id,
        String name,
        SessionState state,
        Optional<String> reason,
        int rounds,
        int plannedRounds,
        OptionalDouble accuracy,
        OptionalDouble loss,
        OptionalDouble epsilon,
        OptionalDouble delta,
        String unit,
        byte[] packageDigest,
        byte[] model,
        Instant created,
        Optional<Instant> ended,
        List<Member> clients,
        Optional<String> result) {
    public SessionView {
        clients = List.copyOf(clients);
    }

    /**
     * One client's part in it.
     *
     * @param examples that it trains on; 0 before it has accepted, and where that is withheld
     * @param steps in all rounds; 0 where that is withheld
     * @param state accepted, refused or pending
     * @param reason why it refused, or what it waits for
     * @param tenths of its training in the round that is on, as it says; 0 where it says nothing
     */
    public record Member(
            String id,
            int examples,
            int steps,
            OptionalDouble epsilon,
            OptionalDouble delta,
            String state,
            String reason,
            int tenths) {
        private Member in(InRound round) {
            return new Member(id, examples, steps, epsilon, delta, state, reason, round.tenths(id));
        }
    }

    /** The same, with how far its clients are in the round that is on. */
    SessionView with(InRound round) {
        return new SessionView(
                id,
                name,
                state,
                reason,
                rounds,
                plannedRounds,
                accuracy,
                loss,
                epsilon,
                delta,
                unit,
                packageDigest,
                model,
                created,
                ended,
                clients.stream().map(member -> member.in(round)).toList(),
                result);
    }
}
