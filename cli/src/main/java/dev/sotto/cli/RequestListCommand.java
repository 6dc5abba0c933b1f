package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.Printable;
import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestException;
import dev.sotto.owner.request.RequestSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** sotto request list. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "All requests, newest first: what was asked and what you decided.",
        footer = {
            "",
            "Examples:",
            "  sotto request list",
            "  sotto request list --home /var/lib/sotto --json",
            "",
            "'pending' waits for you; 'superseded' asks for what is no longer asked, or for data that",
            "changed since; epsilon is what the session may reach on one record."
        })
final class RequestListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RequestHome home;

    @Override
    public Integer call() {
        try (Owner owner = home.open()) {
            List<Request> all = owner.requests().all();
            Console.of(spec).result(home.json() ? json(owner, all) : text(owner, all));
            return 0;
        }
    }

    private static String json(Owner owner, List<Request> all) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode list = node.putArray("requests");
        for (Request request : all) {
            ObjectNode own = RequestText.json(owner, request);
            read(() -> Asked.of(owner, request)).ifPresent(asked -> RequestText.asked(asked, own));
            list.add(own);
        }
        return node.toString();
    }

    private static String text(Owner owner, List<Request> all) {
        if (all.isEmpty()) {
            return "nothing was asked yet; requests come in while 'sotto node start' or 'sotto datasite run' runs";
        }
        List<String> lines = new ArrayList<>();
        lines.add(line("request", "state", "project", "data set", "rounds", "epsilon", "coordinator"));
        int waiting = 0;
        int lapsed = 0;
        int over = 0;
        for (Request request : all) {
            Decision decision = owner.requests().decision(request);
            if (decision instanceof Decision.Pending open) {
                boolean late = owner.requests().ending(request).isPresent();
                over += late ? 1 : 0;
                waiting += late ? 0 : 1;
                lapsed += !late && open.lapsed().isPresent() ? 1 : 0;
            }
            Optional<RequestSummary> known = read(() -> RequestSummary.of(owner, request));
            lines.add(line(
                    request.shortId(),
                    decision.word(),
                    known.map(each -> Printable.line(each.project())).orElse("-"),
                    request.dataSet(),
                    known.map(each -> String.valueOf(each.rounds())).orElse("-"),
                    known.map(each -> epsilon(each.epsilon())).orElse("-"),
                    request.key().coordinator()));
        }
        if (waiting + over > 0) {
            lines.add("");
        }
        if (waiting > 0) {
            lines.add((waiting == 1 ? "1 request waits" : waiting + " requests wait")
                    + " for you: 'sotto request show REQUEST' tells what it asks");
        }
        if (lapsed > 0) {
            lines.add((lapsed == 1 ? "1 of them was" : lapsed + " of them were")
                    + " approved by your policy, which says ask now");
        }
        if (over > 0) {
            lines.add(
                    over == 1
                            ? "1 pending request waits no longer: its session is over"
                            : over + " pending requests wait no longer: their sessions are over");
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String epsilon(OptionalDouble value) {
        return value.isPresent() ? Console.epsilon(value.getAsDouble()) : "none";
    }

    /** What a request asks, if its package can still be read. */
    private static <T> Optional<T> read(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (RequestException e) {
            return Optional.empty();
        }
    }

    private static String line(
            String id, String state, String project, String data, String rounds, String epsilon, String coordinator) {
        return String.format(
                        Locale.ROOT,
                        "%-9s %-11s %-15s %-12s %6s %8s  %s",
                        id,
                        state,
                        cut(project, 15),
                        cut(data, 12),
                        rounds,
                        epsilon,
                        cut(coordinator, 12))
                .stripTrailing();
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 2) + "..";
    }
}
