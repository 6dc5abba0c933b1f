package dev.sotto.cli;

import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto request revoke. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Take an approval back: the next round is not done, and the coordinator is told why.",
            "What has left cannot be called back, and what was spent stays spent. A round that is being trained right now"
                    + " ends and is sent."
        },
        footer = {"", "Example:", "  sotto request revoke 3f9a1c20 --reason 'the study has ended'"})
final class RequestRevokeCommand implements Callable<Integer> {
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
            owner.requests().revoke(request, reason, owner.key());
            Console.of(spec)
                    .result(
                            choice.json()
                                    ? RequestText.json(owner, request).toString()
                                    : "revoked: request " + request.shortId() + System.lineSeparator()
                                            + "No further round is done. What has left stays out, and what was spent"
                                            + " stays spent.");
            return 0;
        }
    }
}
