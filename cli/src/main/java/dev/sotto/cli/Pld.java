package dev.sotto.cli;

import dev.sotto.experiment.run.ClientGuarantee;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvents;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What a run's events cost by loss distributions, beside the accountant that the run was held to. */
final class Pld {
    private Pld() {}

    /** For each client whose guarantee is stated. */
    static Map<String, OptionalDouble> ofClients(PrivacyStatement statement) {
        Map<String, OptionalDouble> found = new LinkedHashMap<>();
        for (ClientGuarantee client : statement.clients()) {
            found.put(
                    client.client(),
                    AccountantChoice.PLD
                            .accountant()
                            .epsilon(DpEvents.fromJson(client.event()), new Delta(client.delta()))
                            .epsilon());
        }
        return found;
    }
}
