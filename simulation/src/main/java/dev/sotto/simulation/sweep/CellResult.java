package dev.sotto.simulation.sweep;

import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.RunSummary;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of a cell.
 *
 * @param directory of its run
 * @param summary of its run; empty if it broke off
 * @param noiseMultiplier that its noise had: the least, if clients' differ; 0 if nothing was noised
 * @param failure why it is not what was asked for, in one line; empty if it is
 */
public record CellResult(
        Cell cell,
        Path directory,
        Optional<RunSummary> summary,
        OptionalDouble noiseMultiplier,
        Optional<String> failure) {

    /** A cell that broke off. */
    static CellResult failed(Cell cell, Path directory, Throwable reason) {
        String message = reason.getMessage() == null ? reason.toString() : reason.getMessage();
        return new CellResult(
                cell,
                directory,
                Optional.empty(),
                OptionalDouble.empty(),
                message.lines().findFirst());
    }

    /** A cell whose run is over, from what its directory holds. */
    static CellResult read(Cell cell, Path directory) {
        RecordedRun run = RunDirectory.open(directory).read();
        RunSummary summary = run.result().orElseThrow();
        return new CellResult(
                cell, directory, Optional.of(summary), OptionalDouble.of(noise(run.privacy())), failure(summary));
    }

    /** A limit that ended a run early did its work; one that let nothing out at all is told. */
    private static Optional<String> failure(RunSummary summary) {
        return summary.stopped()
                .filter(stopped -> !stopped.equals("budget") || summary.rounds() == 0)
                .map(stopped -> summary.reason().orElse("the run ended: " + stopped));
    }

    /** Across clients, where they are protected; else the least of the clients' own. */
    private static double noise(Optional<PrivacyStatement> privacy) {
        Optional<Double> across = privacy.flatMap(PrivacyStatement::clientLevel)
                .map(own -> own.mechanism().noiseMultiplier());
        return across.orElseGet(() -> privacy.stream()
                .flatMap(statement -> statement.clients().stream())
                .mapToDouble(client -> client.mechanism().noiseMultiplier())
                .min()
                .orElse(0));
    }

    /** On central test data, else on what clients held out. */
    OptionalDouble accuracy() {
        return summary.map(RunSummary::accuracy).orElse(OptionalDouble.empty());
    }

    OptionalDouble loss() {
        return summary.map(RunSummary::loss).orElse(OptionalDouble.empty());
    }

    /** Of this run alone; empty if it protects nothing, or no finite epsilon bounds it. */
    OptionalDouble epsilon() {
        return summary.map(run -> run.privacy().epsilon()).orElse(OptionalDouble.empty());
    }
}
