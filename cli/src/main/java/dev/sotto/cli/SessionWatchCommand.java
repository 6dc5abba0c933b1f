package dev.sotto.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto session watch. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Tell what happens in a session until it is over, then show it.",
            "Watching changes nothing: leave with Ctrl-C and come back as you please."
        },
        footer = {
            "",
            "Example:",
            "  sotto session watch s-1a2b3c",
            "",
            "Exit status: 0 it is done, also when a budget ended it early or somebody stopped it;",
            "3 a budget refused and nothing was released; 1 it failed."
        })
final class SessionWatchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Parameters(paramLabel = "SESSION", description = "Its id.")
    private String id;

    @Override
    public Integer call() {
        try (OperatorLink link = operator.connect()) {
            return new SessionFollower(link, Console.of(spec)).follow(id, operator.json());
        }
    }
}
