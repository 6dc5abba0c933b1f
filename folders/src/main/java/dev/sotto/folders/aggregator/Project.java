package dev.sotto.folders.aggregator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.folders.Email;
import dev.sotto.folders.LaunchRules;
import dev.sotto.folders.ProjectStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A project as the aggregator's private tree keeps it.
 *
 * @param session id of this run of it: its name, a dot and random digits
 * @param name of its folders
 * @param participants who is asked
 * @param minClients of the rules
 * @param roundSeconds of the rules
 * @param enough of the rules
 * @param gatherUntil when asking ends, in milliseconds of the epoch
 * @param testData section {@code data}; null for none
 * @param packageDigest in hexadecimal
 * @param packageBytes how many
 * @param shown names of files that are shown to participants
 * @param clients that the session is planned for
 * @param roster who takes part, by email; empty while it asks
 * @param state where it is
 * @param reason why, or empty
 * @param ending what participants are told; empty while it is not over
 * @param rounds after which participants are sent the model; 0 for none
 */
record Project(
        String session,
        String name,
        List<String> participants,
        int minClients,
        long roundSeconds,
        int enough,
        long gatherUntil,
        ObjectNode testData,
        String packageDigest,
        long packageBytes,
        List<String> shown,
        int clients,
        List<Member> roster,
        State state,
        String reason,
        String ending,
        int rounds) {
    Project {
        participants = List.copyOf(participants);
        shown = List.copyOf(shown);
        roster = List.copyOf(roster);
    }

    /** A participant that takes part, with what it said of itself. */
    record Member(String email, int examples, boolean seeded) {}

    List<Email> emails() {
        return participants.stream().map(Email::new).toList();
    }

    LaunchRules rules() {
        return new LaunchRules(minClients, LaunchRules.GATHER, Duration.ofSeconds(roundSeconds), enough);
    }

    Instant asksUntil() {
        return Instant.ofEpochMilli(gatherUntil);
    }

    boolean over() {
        return !ending.isEmpty();
    }

    Project running(List<Member> who) {
        return with(clients, gatherUntil, who, State.RUNNING, "", "", 0);
    }

    Project asking(int forClients, Instant until, List<Member> who) {
        return with(forClients, until.toEpochMilli(), who, State.REQUEST, "", "", 0);
    }

    Project ended(State how, String why, String told, int released) {
        return with(clients, gatherUntil, roster, how, why, told, released);
    }

    private Project with(
            int forClients, long until, List<Member> who, State how, String why, String told, int released) {
        return new Project(
                session,
                name,
                participants,
                minClients,
                roundSeconds,
                enough,
                until,
                testData,
                packageDigest,
                packageBytes,
                shown,
                forClients,
                who,
                how,
                why,
                told,
                released);
    }
}
