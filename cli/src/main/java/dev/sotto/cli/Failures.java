package dev.sotto.cli;

import dev.sotto.privacy.ledger.BudgetExceededException;
import java.io.PrintWriter;
import picocli.CommandLine;
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

    private Failures() {}

    static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        if (System.getProperty("sotto.trace") != null) {
            failure.printStackTrace(command.getErr());
        }
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        command.getErr().println("sotto: " + message.lines().findFirst().orElse(""));
        command.getErr().flush();
        if (failure instanceof BudgetExceededException) {
            return REFUSED;
        }
        return failure instanceof IllegalArgumentException ? USAGE : FAILED;
    }

    static int misused(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("sotto: " + misuse.getMessage().lines().findFirst().orElse(""));
        UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return USAGE;
    }
}
