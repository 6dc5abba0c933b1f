package dev.sotto.experiment.run;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.NonPrivate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What several releases on the same data come to, at each level that one of them protects.
 *
 * <p>For examples, events of the same client in several runs compose; clients hold different examples, so the whole costs what
 * the most expensive client's data has seen. A run that protects clients alone is counted as what it does for one example:
 * its client is replaced by another. For clients, the events of runs with the same clients compose, and a run that protects
 * examples alone leaves nothing. Events that name no unit are charged to everybody.
 *
 * @param levels examples, clients, or both; one without a unit if the files are events alone
 * @param seeded the files of runs whose randomness anybody with the seed can draw again
 */
public record Composition(List<Part> levels, List<Path> seeded) {
    private static final String EVERYONE = "all";

    /**
     * The releases at one level.
     *
     * @param unit whom they concern; empty if no file says it
     * @param events what was done, by client; one entry named {@code all} where one event is everybody's
     * @param bounds what is known of some releases by an epsilon and a delta alone; they add up
     * @param carried releases that protect whole clients, as they concern one example; empty if there are none. Their
     *     relation may be another, so their epsilon adds up with the others'
     * @param delta by default: the largest that the files state, and those of the bounds
     */
    public record Part(
            Optional<PrivacyUnit> unit,
            Map<String, DpEvent> events,
            List<EpsilonDelta> bounds,
            Optional<DpEvent> carried,
            OptionalDouble delta) {}

    /**
     * Reads files: a run's {@code privacy.json}, an event, or a list of events.
     *
     * @throws ConfigException naming the file and what is wrong with it
     */
    public static Composition read(List<Path> files) {
        List<ReleaseFile> all = files.stream().map(ReleaseFile::read).toList();
        List<ReleaseFile> runs = all.stream().filter(ReleaseFile::run).toList();
        Set<String> roster = roster(runs);
        List<DpEvent> unnamed =
                all.stream().flatMap(file -> file.unnamed().stream()).toList();
        if (runs.isEmpty() && unnamed.isEmpty()) {
            throw new ConfigException(files.get(0) + ": it holds no events");
        }
        List<Part> levels = new ArrayList<>();
        if (runs.stream().anyMatch(ReleaseFile::examplesProtected)) {
            levels.add(examples(runs, roster, unnamed));
        }
        if (runs.stream().anyMatch(run -> run.clients().isPresent())) {
            levels.add(clients(runs, unnamed));
        }
        if (levels.isEmpty()) {
            levels.add(everybody(runs, unnamed));
        }
        return new Composition(
                levels,
                runs.stream().filter(ReleaseFile::seeded).map(ReleaseFile::path).toList());
    }

    private static Set<String> roster(List<ReleaseFile> runs) {
        Set<String> roster = Set.of();
        for (ReleaseFile run : runs) {
            roster = roster.isEmpty() ? run.roster() : roster;
            if (!run.roster().isEmpty() && !run.roster().equals(roster)) {
                throw new ConfigException(
                        run.path() + ": its clients are not those of the other runs, so which data is the "
                                + "same is not known; compose runs with the same clients");
            }
        }
        return roster;
    }

    private static Part examples(List<ReleaseFile> runs, Set<String> roster, List<DpEvent> unnamed) {
        Map<String, List<DpEvent>> events = new LinkedHashMap<>();
        // Where every run speaks of all clients together, so does the composition.
        boolean named = runs.stream().anyMatch(run -> !run.examples().isEmpty());
        (named ? roster : Set.of(EVERYONE)).forEach(client -> events.put(client, new ArrayList<>(unnamed)));
        List<EpsilonDelta> bounds = new ArrayList<>();
        List<DpEvent> carried = new ArrayList<>();
        double stated = 0;
        for (ReleaseFile run : runs) {
            if (run.everyExample().filter(EpsilonDelta.class::isInstance).isPresent()) {
                bounds.add((EpsilonDelta) run.everyExample().get());
            } else if (run.examplesProtected()) {
                events.forEach((client, own) -> own.add(
                        run.everyExample().orElseGet(() -> run.examples().get(client))));
                stated = Math.max(stated, run.exampleDelta().orElse(0));
            } else if (run.clients().isPresent()) {
                carried.add(DpEvents.forOneExample(run.clients().get()));
                stated = Math.max(stated, run.clientDelta().orElse(0));
            } else {
                events.values().forEach(own -> own.add(new NonPrivate()));
            }
        }
        double delta = stated + bounds.stream().mapToDouble(EpsilonDelta::delta).sum();
        Map<String, DpEvent> composed = new LinkedHashMap<>();
        events.forEach((client, own) -> composed.put(client, composed("client " + client + ": ", own)));
        return new Part(
                Optional.of(PrivacyUnit.EXAMPLE),
                composed,
                bounds,
                carried.isEmpty() ? Optional.empty() : Optional.of(composed("", carried)),
                delta > 0 ? OptionalDouble.of(delta) : OptionalDouble.empty());
    }

    private static Part clients(List<ReleaseFile> runs, List<DpEvent> unnamed) {
        List<DpEvent> events = new ArrayList<>(unnamed);
        runs.forEach(run -> events.add(run.clients().orElseGet(NonPrivate::new)));
        OptionalDouble delta =
                runs.stream().flatMapToDouble(run -> run.clientDelta().stream()).max();
        return new Part(
                Optional.of(PrivacyUnit.CLIENT),
                Map.of(EVERYONE, composed("clients: ", events)),
                List.of(),
                Optional.empty(),
                delta);
    }

    private static Part everybody(List<ReleaseFile> runs, List<DpEvent> unnamed) {
        List<DpEvent> events = new ArrayList<>(unnamed);
        runs.forEach(run -> events.add(new NonPrivate()));
        return new Part(
                Optional.empty(),
                Map.of(EVERYONE, composed("", events)),
                List.of(),
                Optional.empty(),
                OptionalDouble.empty());
    }

    private static DpEvent composed(String whose, List<DpEvent> events) {
        try {
            return new Composed(events);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(whose + e.getMessage());
        }
    }
}
