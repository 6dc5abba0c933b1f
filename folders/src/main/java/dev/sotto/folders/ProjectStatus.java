package dev.sotto.folders;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a project stands at one datasite. The datasite's process keeps it in a file, so that others can show it.
 *
 * @param role the datasite's in it
 * @param project name of its folders
 * @param session id of this run of it; empty before there is one
 * @param aggregator who runs it
 * @param state where it is
 * @param reason why it is there, where there is more to say, in one line
 * @param rounds done
 * @param planned rounds; 0 where that is not known yet
 * @param epsilon the largest that the aggregator knows of, or the owner's own; empty without example-level privacy
 * @param participants everybody asked, for the aggregator; the owner itself, for an owner
 * @param accuracies by round, where there is test data
 */
public record ProjectStatus(
        Role role,
        String project,
        String session,
        String aggregator,
        State state,
        Optional<String> reason,
        int rounds,
        int planned,
        OptionalDouble epsilon,
        List<Participant> participants,
        List<RoundAccuracy> accuracies) {
    public ProjectStatus {
        participants = List.copyOf(participants);
        accuracies = List.copyOf(accuracies);
    }

    /** What a datasite is in a project. */
    public enum Role {
        AGGREGATOR,
        OWNER
    }

    /** Where a project is. */
    public enum State {
        /** Dropped into {@code launch/}, and it cannot be launched as it is. */
        LAUNCH,
        /** Owners are asked, or, at an owner, it waits for the owner. */
        REQUEST,
        /** Rounds are on. */
        RUNNING,
        /** It is over, and its record sealed. */
        DONE,
        /** It is over without a result: too few took part, or it was refused or revoked here. */
        FAILED
    }

    /**
     * The six columns of a participant.
     *
     * @param clientInstalled whether its key card has been seen
     * @param approved "yes", "no", "waiting", "rejected" or "revoked"
     * @param addedPrivateData whether it has data
     * @param round that it takes or last took part in; 0 before the first
     * @param progress of training, in words
     * @param reason why it takes no part, in one line
     */
    public record Participant(
            String email,
            boolean clientInstalled,
            String approved,
            boolean addedPrivateData,
            int round,
            String progress,
            Optional<String> reason) {}

    /** How the model did on the aggregator's test data after a round. */
    public record RoundAccuracy(int round, double accuracy) {}

    /** All projects of a datasite, whether or not it runs now: those that it aggregates, then those that it is asked for. */
    public static List<ProjectStatus> all(Datasite datasite) {
        return StatusFiles.read(datasite);
    }
}
