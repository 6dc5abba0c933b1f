package dev.sotto.federation;

import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.privacy.ledger.LedgerEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the federation knows after a round, and needs to go on with the next. The owner's process alone may keep it: it holds
 * a mechanism's noise state. Arrays are the federation's own while {@link RunJournal#finished} runs, to be copied if kept.
 *
 * @param round finished last; 0 before the first
 * @param parameters the model after it
 * @param strategy what {@link Strategy#state} gave
 * @param exhausted who can pay for no later round, and the refusal that said so
 * @param epsilon the largest of the clients', spent so far; empty without example-level privacy
 * @param clientLevel client-level privacy so far; empty without it
 */
public record FederationState(
        int round,
        float[] parameters,
        Map<String, float[]> strategy,
        Map<String, Refusal> exhausted,
        OptionalDouble epsilon,
        Optional<ClientLevel> clientLevel) {

    /**
     * Client-level privacy so far.
     *
     * @param ledger every event that was reserved and released, oldest first
     * @param clippingNorm of the next round
     * @param noise what the mechanism must keep secret and needs for its next noise; empty where noise is independent
     */
    public record ClientLevel(List<LedgerEntry> ledger, double clippingNorm, byte[] noise) {}
}
