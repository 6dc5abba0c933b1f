package dev.sotto.coordinator.network;

import dev.sotto.federation.ClientProfile;
import java.util.Optional;

/** One client's part in a round, once: a client that is asked again has another task. Guarded by its round's lock. */
final class OpenTask {
    private final String id;
    private final OpenRound<?> round;
    private final ClientProfile client;
    private final boolean again;
    private Optional<Landing> landing = Optional.empty();
    private Optional<GuardedCall<?, ?>> call = Optional.empty();
    private boolean landed;
    private int refusals;
    private int tenths;

    /**
     * An open one.
     *
     * @param id empty while a client that failed waits to be asked again
     * @param again whether the client failed once before
     */
    OpenTask(String id, OpenRound<?> round, ClientProfile client, boolean again) {
        this.id = id;
        this.round = round;
        this.client = client;
        this.again = again;
    }

    String id() {
        return id;
    }

    OpenRound<?> round() {
        return round;
    }

    ClientProfile client() {
        return client;
    }

    boolean again() {
        return again;
    }

    Optional<Landing> landing() {
        return landing;
    }

    void land(Landing place) {
        landing = Optional.of(place);
    }

    void discard() {
        landing.ifPresent(Landing::discard);
        landing = Optional.empty();
    }

    /** Whether the update has arrived whole: then it waits for us, and no more for the client. */
    boolean landed() {
        return landed;
    }

    void hasLanded() {
        landed = true;
    }

    /** The call that delivers from now on; gives the one that did before, if another did. */
    Optional<GuardedCall<?, ?>> deliveredBy(GuardedCall<?, ?> now) {
        Optional<GuardedCall<?, ?>> before = call.filter(other -> other != now);
        call = Optional.of(now);
        return before;
    }

    /** How often a delivery for it was refused, this time included. */
    int refused() {
        return ++refusals;
    }

    /** Whether it has come further than was known. */
    boolean furtherThan(int now) {
        boolean further = now > tenths;
        tenths = Math.max(tenths, now);
        return further;
    }
}
