package dev.sotto.experiment;

import dev.sotto.data.Examples;
import dev.sotto.experiment.attack.Attack;
import java.util.Optional;

/**
 * One client's data.
 *
 * @param id the client
 * @param examples what it trains on
 * @param heldOut what it only evaluates on
 * @param attack what it does in place of honest training; simulated clients only, and empty for nearly all
 */
public record ClientData(String id, Examples examples, Optional<Examples> heldOut, Optional<Attack> attack) {
    /** An honest client. */
    public ClientData(String id, Examples examples, Optional<Examples> heldOut) {
        this(id, examples, heldOut, Optional.empty());
    }

    /** The same client, attacking. */
    public ClientData attacking(Attack by) {
        return new ClientData(id, examples, heldOut, Optional.of(by));
    }
}
