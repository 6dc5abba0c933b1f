package dev.sotto.coordinator.session;

import dev.sotto.coordinator.store.Answer.Decision;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How sessions reach their clients: offers, rounds, farewells. All that sessions know of a network. Thread-safe: sessions run
 * at the same time.
 */
public interface Reach {
    /**
     * Offers a session's package to clients as they connect, until enough have accepted.
     *
     * @param wanted acceptances that end the wait
     * @param least acceptances that are enough once the time is over
     * @param timeout how long to wait for as many as are wanted
     * @param heard is told of each answer as it arrives, from any thread; a client that accepts again after it connects
     *     anew is told of again
     * @return who has accepted, sorted by client id; fewer than {@code least} if no more came in time
     */
    List<Acceptance> gather(Offer offer, int wanted, int least, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException;

    /**
     * Offers the package of a session that goes on after it was over to its clients, who were told so and have forgotten it.
     *
     * @param offer whose {@code only} names them all
     * @param wanted acceptances that end the wait, as it does when all have accepted or refused
     * @param timeout how long to wait at most
     * @param heard is told of each answer as it arrives, from any thread
     * @return who has accepted, sorted by client id
     */
    List<Acceptance> gatherAgain(Offer offer, int wanted, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException;

    /**
     * The clients of a session as a fleet; after a restart too, when clients connect again as they please. Interrupting the
     * thread that is in a round ends the round: who has not answered yet is dropped, and the interrupt stays pending.
     *
     * @param roster who takes part, sorted by client id
     */
    Fleet fleet(Offer offer, List<Acceptance> roster, RoundRules rules);

    /** Tells nodes that a session is over. */
    void over(String session, String ending);

    /** Ids of the clients connected now. */
    Set<String> connected();

    /**
     * What clients are asked to join.
     *
     * @param session its id
     * @param packageDigest SHA-256 of the package, whose bytes are in the blob store
     * @param packageBytes how many those are
     * @param clients the population that the session is planned for
     * @param only ids of the clients that are asked; empty for all
     */
    record Offer(String session, byte[] packageDigest, long packageBytes, int clients, List<String> only) {}

    /**
     * What a client said when it accepted.
     *
     * @param heldOut examples that it evaluates on
     * @param epsilon the limit that it holds its examples to in this session
     * @param delta what goes with that
     * @param seeded its randomness can be drawn again, so nothing of it is private
     */
    record Acceptance(
            ClientProfile profile, OptionalInt heldOut, OptionalDouble epsilon, OptionalDouble delta, boolean seeded) {}

    /**
     * A client's answer to an offer, which holds until it gives another.
     *
     * @param reason why it refuses, or what it waits for; empty if it takes part
     */
    record Answered(String client, Decision decision, String reason) {
        /** It takes part. */
        public static Answered accepted(String client) {
            return new Answered(client, Decision.ACCEPTED, "");
        }

        /** It does not take part. */
        public static Answered refused(String client, String reason) {
            return new Answered(client, Decision.REFUSED, reason);
        }

        /** A person there decides, and it answers again then. */
        public static Answered pending(String client) {
            return new Answered(client, Decision.PENDING, "waiting for the owner of " + client + " to decide");
        }
    }

    /**
     * How rounds go.
     *
     * @param timeout how long clients have; who has not answered then is dropped
     * @param enough updates that close a round early, where more clients are asked than are needed; 0 to wait for all
     * @param mostUpdateBytes a larger update is refused
     * @param observer hears what the operator wants to know
     */
    record RoundRules(Duration timeout, int enough, long mostUpdateBytes, RoundObserver observer) {}

    /** Hears of what happens within rounds, from any thread. */
    interface RoundObserver {
        /** An update or a client was refused. */
        void refused(String client, int round, RefusalKind kind, String reason);

        /**
         * An update was counted.
         *
         * @param lastByte when its last byte was read, as {@link System#nanoTime} has it
         */
        void accepted(String client, int round, long bytes, long lastByte);

        /** A client has come so far with its training, in tenths, as it says. */
        void progressed(String client, int round, int tenths);

        /** A client's own log. */
        void log(String client, String line);
    }
}
