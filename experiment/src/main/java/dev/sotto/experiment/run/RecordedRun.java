package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A run as its directory tells it: what reports are made of. A run that was cut short has a history and little else.
 *
 * @param experiment the resolved experiment; empty if it was never written
 * @param history a line a round
 * @param privacy the guarantee; empty if the run never finished
 * @param result how it ended; empty if the run never finished
 */
public record RecordedRun(
        ObjectNode experiment,
        List<RoundLine> history,
        Optional<PrivacyStatement> privacy,
        Optional<RunSummary> result) {

    public RecordedRun {
        history = List.copyOf(history);
    }

    /** What people call the run. */
    public String name() {
        return result.map(RunSummary::name)
                .orElseGet(() -> experiment.path("name").asText("run"));
    }
}
