package dev.sotto.experiment.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sotto.federation.RoundRecord;
import dev.sotto.privacy.ledger.LedgerEntry;
import java.util.List;
import java.util.Map;

/**
 * A line of a run's journal: a round was begun, or one is over and this is what it added.
 *
 * @param begun number of the round; 0 if the line is about one that is over
 * @param cohort who was asked, as far as it is needed to book the round should it be interrupted
 * @param record of a round that is over
 * @param clients those that changed
 * @param federation new entries of the ledger of client-level privacy
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record JournalLine(
        int begun, List<String> cohort, RoundRecord record, Map<String, Part> clients, List<LedgerEntry> federation) {
    JournalLine {
        cohort = cohort == null ? List.of() : cohort;
        clients = clients == null ? Map.of() : clients;
        federation = federation == null ? List.of() : federation;
    }

    /** A client's steps so far, and the entries that are new in its ledger. */
    record Part(int steps, List<LedgerEntry> entries) {}

    static JournalLine begun(int round, List<String> cohort) {
        return new JournalLine(round, cohort, null, Map.of(), List.of());
    }

    static JournalLine finished(RoundRecord record, Map<String, Part> clients, List<LedgerEntry> federation) {
        return new JournalLine(0, List.of(), record, clients, federation);
    }
}
