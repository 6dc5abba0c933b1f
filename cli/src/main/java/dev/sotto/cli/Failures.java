package dev.sotto.cli;

import dev.sotto.formats.config.Nearest;
import dev.sotto.privacy.ledger.BudgetExceededException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, in one line, and the exit status that says of what kind it was. */
final class Failures {
    /** Wrong usage or configuration. */
    static final int USAGE = 2;
    /** A budget refused and nothing was released. */
    static final int REFUSED = 3;
    /** Anything else. */
    static final int FAILED = 1;

    /** Picocli's own words for a group whose command is not named. */
    static final String COMMAND_MISSING = "Missing required subcommand";

    private Failures() {}

    static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        if (System.getProperty("sotto.trace") != null) {
            failure.printStackTrace(command.getErr());
        }
        say(command, failure.getMessage() == null ? failure.toString() : failure.getMessage());
        if (failure instanceof BudgetExceededException) {
            return REFUSED;
        }
        return failure instanceof IllegalArgumentException ? USAGE : FAILED;
    }

    static int misused(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        say(command, reason(misuse, command.getCommandSpec()) + "; see '" + name + " --help'");
        return USAGE;
    }

    private static void say(CommandLine command, String message) {
        if (!Console.ended()) {
            command.getErr().println("sotto: " + message.lines().findFirst().orElse(""));
            command.getErr().flush();
        }
    }

    private static String reason(ParameterException misuse, CommandSpec command) {
        if (misuse instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched, command);
        }
        if (misuse.getMessage().startsWith(COMMAND_MISSING)) {
            return "a command is missing: one of " + String.join(", ", commands(command));
        }
        return misuse.getMessage().lines().findFirst().orElse("wrong usage");
    }

    private static String unmatched(UnmatchedArgumentException misuse, CommandSpec command) {
        String word = misuse.getUnmatched().get(0);
        if (misuse.isUnknownOption()) {
            return "unknown option '" + word + "'"
                    + Elsewhere.hint(command, List.of(word.replaceFirst("=.*", "")))
                            .orElseGet(() -> near(word, command.optionsMap().keySet()));
        }
        if (command.subcommands().isEmpty()) {
            return "unexpected argument '" + word + "'";
        }
        Optional<String> known = Elsewhere.hint(command, misuse.getUnmatched());
        return "unknown command '" + word + "'" + known.orElseGet(() -> near(word, commands(command)));
    }

    private static String near(String word, Collection<String> valid) {
        return Nearest.to(word, valid)
                .map(best -> "; did you mean '" + best + "'?")
                .orElse("; valid: " + String.join(", ", valid));
    }

    private static Collection<String> commands(CommandSpec command) {
        return new TreeSet<>(command.subcommands().keySet());
    }
}
