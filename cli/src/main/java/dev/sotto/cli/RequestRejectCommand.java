package dev.sotto.cli;

import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto request reject. */
@Command(
        name = "reject",
        mixinStandardHelpOptions = true,
        description = {
            "Say no to a request. The reason goes to the coordinator, so say nothing in it that should not leave.",
            "If you change your mind, 'sotto request approve' works after all."
        },
        footer = {"", "Example:", "  sotto request reject 3f9a1c20 --reason 'no ethics vote yet'"})
final class RequestRejectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RequestChoice choice;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, in one line; it leaves.")
    private String reason;

    @Override
    public Integer call() {
        try (Owner owner = choice.open()) {
            Request request = choice.in(owner);
            owner.requests().reject(request, reason, owner.key());
            Console.of(spec)
                    .result(
                            choice.json()
                                    ? RequestText.json(owner, request).toString()
                                    : "rejected: request " + request.shortId() + System.lineSeparator()
                                            + "A node that runs tells the coordinator why: " + reason.strip());
            return 0;
        }
    }
}
