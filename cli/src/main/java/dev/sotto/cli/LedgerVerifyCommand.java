package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.Verification;
import dev.sotto.owner.request.Decided;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto ledger verify. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Check that each line of the ledger is what was written: each carries a hash over all before it; and that"
                        + " each decision on a request is what the owner signed.",
        footer = {
            "",
            "Examples:",
            "  sotto ledger verify",
            "  sotto ledger verify --home /var/lib/sotto --json",
            "",
            "Exit status: 0 intact; 1 a line or a decision was changed or is missing, and which is the",
            "first.",
            "Lines missing at the end cannot be told; a copy of the last hash kept elsewhere can.",
            "The same goes for decisions."
        })
final class LedgerVerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private LedgerHome home;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        try (Owner owner = home.open()) {
            Verification found = owner.ledger().verify();
            List<Decided> decisions = owner.requests().history();
            Optional<Decided> forged =
                    decisions.stream().filter(each -> each.broken().isPresent()).findFirst();
            Console.of(spec)
                    .result(
                            json
                                    ? json(found, decisions.size(), forged)
                                            .put("lastDecision", last(decisions))
                                            .toString()
                                    : text(found)
                                            + System.lineSeparator()
                                            + text(decisions.size(), last(decisions), forged));
            return found.intact() && forged.isEmpty() ? 0 : Failures.FAILED;
        }
    }

    private static String text(Verification found) {
        return found.broken()
                .map(broken -> "line " + broken.line() + " of " + found.lines() + ": " + broken.reason())
                .orElseGet(() -> found.lines() + " lines, all as they were written; the last is " + found.last());
    }

    private static String text(int decisions, String last, Optional<Decided> forged) {
        return forged.map(each -> "decision " + each.number() + " of " + decisions + ": "
                        + each.broken().orElseThrow())
                .orElseGet(() -> decisions + (decisions == 1 ? " decision" : " decisions")
                        + " on requests, all as the owner signed them"
                        + (last.isEmpty() ? "" : "; the last is " + last));
    }

    /** Says where the decisions end, if there are any: the last could have been taken out, as the one that revoked. */
    private static String last(List<Decided> decisions) {
        return decisions.isEmpty() ? "" : decisions.get(decisions.size() - 1).hash();
    }

    private static ObjectNode json(Verification found, int decisions, Optional<Decided> forged) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("intact", found.intact() && forged.isEmpty())
                .put("lines", found.lines())
                .put("last", found.last());
        found.broken()
                .ifPresentOrElse(
                        broken -> node.putObject("broken")
                                .put("line", broken.line())
                                .put("reason", broken.reason()),
                        () -> node.putNull("broken"));
        node.put("decisions", decisions);
        forged.ifPresentOrElse(
                each -> node.putObject("brokenDecision")
                        .put("number", each.number())
                        .put("reason", each.broken().orElseThrow()),
                () -> node.putNull("brokenDecision"));
        return node;
    }
}
