package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.run.RunSummary.ClientResult;
import dev.sotto.experiment.run.RunSummary.Guarantee;
import dev.sotto.federation.Client;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.learning.Loss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Writes a run down as it happens: the experiment at once, a line of history after each round, the rest at the end. Give it
 * to a federation as a {@link RunListener}, and call {@link #finish} with the result.
 */
public final class RunRecorder implements RunListener {
    private final RunDirectory directory;
    private final Plan plan;
    private final DataSplit split;
    private final Disclosure disclosure;
    private final boolean classes;
    private final List<RoundLine> history = new ArrayList<>();
    private final long start = System.nanoTime();

    /**
     * Begins a run's directory.
     *
     * @param path made if it is not there
     * @param experiment fully resolved
     * @param split stated as far as the plan's privacy allows
     * @throws dev.sotto.formats.config.ConfigException if the directory cannot be used
     */
    public RunRecorder(Path path, ObjectNode experiment, Plan plan, DataSplit split) {
        this.disclosure = Disclosure.under(plan.privacy());
        this.plan = plan;
        this.split = split.disclosed(disclosure);
        this.classes = plan.model().loss() == Loss.CROSS_ENTROPY;
        this.directory = RunDirectory.create(path);
        directory.writeExperiment(experiment);
    }

    /** Where everything goes. */
    public RunDirectory directory() {
        return directory;
    }

    @Override
    public void roundFinished(RoundRecord record, float[] parameters) {
        RoundLine line = RoundLine.of(record, classes, disclosure);
        history.add(line);
        directory.append(line);
    }

    /**
     * Writes the model, the guarantee and the result.
     *
     * @param clients with the ledgers that the guarantee is read from
     */
    public RunSummary finish(RunResult result, List<Client> clients, Provenance provenance) {
        PrivacyStatement statement = PrivacyStatement.of(plan, clients, provenance);
        directory.writeModel(plan.model(), result.parameters(), provenance);
        directory.writePrivacy(statement);
        RunSummary summary = summary(result, clients, statement);
        directory.writeResult(summary);
        return summary;
    }

    private RunSummary summary(RunResult result, List<Client> clients, PrivacyStatement statement) {
        Map<String, ClientGuarantee> guarantees = new HashMap<>();
        statement.clients().forEach(guarantee -> guarantees.put(guarantee.client(), guarantee));
        List<ClientResult> results = new ArrayList<>();
        for (Client client : clients) {
            Optional<ClientGuarantee> own =
                    Optional.ofNullable(guarantees.get(client.profile().id()));
            results.add(new ClientResult(
                    client.profile().id(),
                    disclosure.exampleCounts() ? OptionalInt.of(client.profile().examples()) : OptionalInt.empty(),
                    client.stepsTaken(),
                    own.map(ClientGuarantee::epsilon).orElse(OptionalDouble.empty()),
                    own.map(guarantee -> OptionalDouble.of(guarantee.delta())).orElse(OptionalDouble.empty())));
        }
        Ending ending = result.ending();
        return new RunSummary(
                plan.name(),
                result.rounds(),
                plan.rounds(),
                last(RoundLine::accuracy, RoundLine::heldOutAccuracy),
                last(RoundLine::loss, RoundLine::heldOutLoss),
                ending == Ending.COMPLETED
                        ? Optional.empty()
                        : Optional.of(ending.name().toLowerCase(Locale.ROOT)),
                results,
                Guarantee.of(statement),
                directory.file(RunDirectory.SAFETENSORS).toString(),
                result.parameters().length,
                (System.nanoTime() - start) / 1e9,
                split);
    }

    /** The last value of the first measure that was ever taken. */
    private OptionalDouble last(
            Function<RoundLine, OptionalDouble> central, Function<RoundLine, OptionalDouble> other) {
        for (Function<RoundLine, OptionalDouble> measure : List.of(central, other)) {
            for (int i = history.size() - 1; i >= 0; i--) {
                OptionalDouble value = measure.apply(history.get(i));
                if (value.isPresent()) {
                    return value;
                }
            }
        }
        return OptionalDouble.empty();
    }
}
