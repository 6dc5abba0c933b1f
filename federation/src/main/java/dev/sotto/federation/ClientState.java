package dev.sotto.federation;

import dev.sotto.privacy.ledger.LedgerEntry;
import java.util.List;
import java.util.Map;

/**
 * What a client knows after a round, and needs to go on with the next. Its owner alone may keep it.
 *
 * @param stepsTaken optimizer steps in all rounds
 * @param ledger what {@link Client#entries} gave
 * @param arrays what {@link Client#state} gave
 */
public record ClientState(int stepsTaken, List<LedgerEntry> ledger, Map<String, float[]> arrays) {}
