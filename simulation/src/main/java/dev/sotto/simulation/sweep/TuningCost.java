package dev.sotto.simulation.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.experiment.run.ComposedEpsilon;
import dev.sotto.experiment.run.Composition;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.accounting.AccountantChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What all runs of a sweep cost the owners of the data together. An epsilon of one run is that run's alone: who looks at
 * several and picks the best has learnt from all of them.
 *
 * @param runs that touched the data, also interrupted and failed ones
 * @param open how many of them protect nothing
 * @param levels of those that protect something, composed; empty if none does, or they cannot be composed
 * @param obstacle why they cannot be composed, in one line
 * @param charged whether that is stated as the guarantee of whichever model is chosen
 */
public record TuningCost(int runs, int open, List<Level> levels, Optional<String> obstacle, boolean charged) {

    /**
     * All protecting runs together at one level.
     *
     * @param unit whose protection is meant
     * @param epsilon empty if no finite one bounds them
     * @param delta that goes with it
     */
    public record Level(String unit, OptionalDouble epsilon, double delta) {}

    /** Composes what the runs in these directories have spent. */
    static TuningCost of(List<Path> directories, boolean charged) {
        for (Path directory : directories) {
            if (SavedRun.exists(directory) && !Files.exists(directory.resolve(RunDirectory.PRIVACY))) {
                String why =
                        directory.getFileName() + " was interrupted, and what it spent shows only when it has gone on";
                return new TuningCost(directories.size(), 0, List.of(), Optional.of(why), false);
            }
        }
        List<Path> statements = directories.stream()
                .map(directory -> directory.resolve(RunDirectory.PRIVACY))
                .filter(Files::exists)
                .toList();
        List<Path> closed = statements.stream().filter(TuningCost::bounded).toList();
        int open = statements.size() - closed.size();
        if (closed.isEmpty()) {
            return new TuningCost(statements.size(), open, List.of(), Optional.empty(), false);
        }
        if (closed.stream().map(TuningCost::data).distinct().count() > 1) {
            String why = "their sections data differ, so a client of one run need not hold what its namesake held in"
                    + " another";
            return new TuningCost(statements.size(), open, List.of(), Optional.of(why), false);
        }
        try {
            List<Level> levels = levels(Composition.read(closed));
            boolean bounded = open == 0
                    && levels.stream().allMatch(level -> level.epsilon().isPresent());
            return new TuningCost(statements.size(), open, levels, Optional.empty(), charged && bounded);
        } catch (ConfigException e) {
            return new TuningCost(statements.size(), open, List.of(), Optional.of(e.getMessage()), false);
        }
    }

    /** How a run's data were had and dealt: clients of one name hold the same only where that is the same. */
    private static JsonNode data(Path statement) {
        return RunDirectory.open(statement.getParent()).read().experiment().path("data");
    }

    private static boolean bounded(Path statement) {
        return RunDirectory.open(statement.getParent())
                .read()
                .privacy()
                .filter(privacy -> privacy.epsilon().isPresent())
                .isPresent();
    }

    private static List<Level> levels(Composition composition) {
        List<Level> levels = new ArrayList<>();
        for (Composition.Part part : composition.levels()) {
            if (part.delta().isPresent()) {
                ComposedEpsilon answer = ComposedEpsilon.of(
                        part,
                        AccountantChoice.RDP.accountant(),
                        new Delta(part.delta().getAsDouble()));
                String unit = part.unit().map(PrivacyUnit::label).orElse("unit");
                levels.add(
                        new Level(unit, answer.worst().epsilon(), part.delta().getAsDouble()));
            }
        }
        return levels;
    }

    /** Of all runs together, for the largest unit that is protected; empty if any run protects nothing. */
    OptionalDouble epsilon() {
        return open > 0 || levels.isEmpty()
                ? OptionalDouble.empty()
                : levels.get(levels.size() - 1).epsilon();
    }

    /** That goes with it. */
    OptionalDouble delta() {
        return open > 0 || levels.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(levels.get(levels.size() - 1).delta());
    }
}
