package dev.sotto.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The sotto command. */
@Command(
        name = "sotto",
        mixinStandardHelpOptions = true,
        version = "sotto 0.1.0",
        description = "Federated learning with differential privacy.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, CompareCommand.class, InitCommand.class, ModelCommand.class},
        footer = {"", "Start here:  sotto run          train the built-in experiment: two clients, epsilon 3"})
public final class Main {
    private Main() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(Failures::explain)
                .setParameterExceptionHandler(Failures::misused)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
