package dev.sotto.federation;

import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.Require;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How clients train, round by round. All of it is public and fixed before the first round, so that what a run will spend can
 * be worked out ahead.
 *
 * @param first holds from round 1
 * @param changes what holds from a later round on, each whole and in the order of the rounds
 */
public record TrainingSchedule(TrainingSettings first, List<Change> changes) {
    /**
     * From a round on, until the next change.
     *
     * @param fromRound 2 or later
     * @param settings all of them, not only those that change
     */
    public record Change(int fromRound, TrainingSettings settings) {
        public Change {
            Require.atLeast("from-round", fromRound, 2);
        }
    }

    /** Checks the order; an {@link IllegalArgumentException} names the rounds. */
    public TrainingSchedule {
        changes = List.copyOf(changes);
        for (int i = 1; i < changes.size(); i++) {
            if (changes.get(i).fromRound() <= changes.get(i - 1).fromRound()) {
                throw new IllegalArgumentException("a change from round "
                        + changes.get(i).fromRound() + " follows one from round "
                        + changes.get(i - 1).fromRound() + "; rounds must rise");
            }
        }
    }

    /** The same in every round. */
    public static TrainingSchedule of(TrainingSettings settings) {
        return new TrainingSchedule(settings, List.of());
    }

    /**
     * What holds in a round.
     *
     * @param round from 1
     */
    public TrainingSettings settings(int round) {
        TrainingSettings holds = first;
        for (Change change : changes) {
            holds = change.fromRound() <= round ? change.settings() : holds;
        }
        return holds;
    }

    /** The same with all learning rates multiplied. */
    public TrainingSchedule withRatesTimes(double factor) {
        return new TrainingSchedule(
                first.withRateTimes(factor),
                changes.stream()
                        .map(change ->
                                new Change(change.fromRound(), change.settings().withRateTimes(factor)))
                        .toList());
    }

    /** Everything that holds at some time. */
    public List<TrainingSettings> phases() {
        return Stream.concat(Stream.of(first), changes.stream().map(Change::settings))
                .toList();
    }

    /** Steps that each of that many rounds takes under example-level privacy, at a client with that many examples. */
    List<Integer> privateSteps(int examples, int rounds) {
        return IntStream.rangeClosed(1, rounds)
                .mapToObj(round -> settings(round).privateStepsPerRound(examples))
                .toList();
    }
}
