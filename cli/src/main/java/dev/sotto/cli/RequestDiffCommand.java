package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestDiff;
import dev.sotto.owner.request.RequestDiff.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto request diff. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "What is different between two requests: first in the words that 'show' has, then setting by setting in the"
                    + " signed packages, so that nothing is left out."
        },
        footer = {
            "",
            "Example:",
            "  sotto request diff 3f9a1c20 b07c44e1",
            "",
            "Lines with - are what the first asks, lines with + what the second does."
        })
final class RequestDiffCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RequestHome home;

    @Parameters(index = "0", paramLabel = "FIRST", description = "A request, by its id or the beginning of it.")
    private String first;

    @Parameters(index = "1", paramLabel = "SECOND", description = "The one to hold beside it.")
    private String second;

    @Override
    public Integer call() {
        try (Owner owner = home.open()) {
            Request before = RequestHome.find(owner, first);
            Request after = RequestHome.find(owner, second);
            RequestDiff diff = RequestDiff.of(owner, before, after);
            Console.of(spec).result(home.json() ? json(before, after, diff).toString() : text(before, after, diff));
            return 0;
        }
    }

    private static String text(Request before, Request after, RequestDiff diff) {
        if (diff.nothing()) {
            return before.shortId() + " and " + after.shortId() + " ask the same";
        }
        List<String> lines = new ArrayList<>();
        lines.add("- " + before.shortId());
        lines.add("+ " + after.shortId());
        changes("In words", diff.words(), lines);
        changes("In the signed settings", diff.terms(), lines);
        if (diff.initial()) {
            lines.add("");
            lines.add("Training begins with other parameters.");
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static void changes(String title, List<Change> changes, List<String> lines) {
        if (changes.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(title);
        for (Change change : changes) {
            lines.addAll(WordsText.wrapped("  ", 4, change.where()));
            lines.addAll(WordsText.wrapped("  - ", 4, change.first().orElse("(nothing)")));
            lines.addAll(WordsText.wrapped("  + ", 4, change.second().orElse("(nothing)")));
        }
    }

    private static ObjectNode json(Request before, Request after, RequestDiff diff) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("first", before.id()).put("second", after.id()).put("same", diff.nothing());
        changes(diff.words(), node.putArray("words"));
        changes(diff.terms(), node.putArray("terms"));
        return node.put("initialParameters", diff.initial());
    }

    private static void changes(List<Change> changes, ArrayNode into) {
        for (Change change : changes) {
            into.addObject()
                    .put("where", change.where())
                    .put("first", change.first().orElse(null))
                    .put("second", change.second().orElse(null));
        }
    }
}
