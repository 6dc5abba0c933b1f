package dev.sotto.federation;

import dev.sotto.privacy.event.DpEvent;
import java.util.Optional;
import java.util.OptionalDouble;

/** What is known of a client at the end of a run, wherever it is: what the run's guarantee is worked out from. */
public interface Participant {
    /** What everyone may know of it. */
    ClientProfile profile();

    /** Its plan; empty without example-level privacy. */
    Optional<ClientPrivacy> privacy();

    /** Everything reserved or released on its data in this run. */
    DpEvent spent();

    /**
     * What its own ledger says is spent, where that is out of reach and may hold more than {@link #spent}: what was reserved
     * and never released. Empty where {@code spent} is all.
     */
    default OptionalDouble reportedEpsilon() {
        return OptionalDouble.empty();
    }

    /** Optimizer steps taken in all rounds. */
    int stepsTaken();

    /** Whether all its randomness can be drawn again from a seed, so that its noise hides nothing. */
    boolean reproducible();

    /** Whether it trains with Sotto's own code; if not, its guarantee rests on code that people brought. */
    boolean standardTraining();
}
