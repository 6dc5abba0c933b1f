package dev.sotto.cli;

import dev.sotto.experiment.run.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The sotto command. */
@Command(
        name = "sotto",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionLine.class,
        scope = ScopeType.INHERIT,
        description = "Federated learning with differential privacy.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            SweepCommand.class,
            CompareCommand.class,
            InitCommand.class,
            ModelCommand.class,
            PackageCommand.class,
            PrivacyCommand.class
        },
        footer = {
            "",
            "Start here:",
            "  sotto run       train the built-in experiment: two clients, epsilon 3",
            "  sotto init      write an experiment of your own to start from"
        })
public final class Main {
    private Main() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .registerConverter(Long.class, Main::whole)
                .registerConverter(Double.class, Main::number)
                .setExecutionExceptionHandler(Failures::explain)
                .setParameterExceptionHandler(Failures::misused)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    private static Long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
    }

    private static Double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
    }

    /** What {@code --version} prints. */
    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sotto " + Version.current()};
        }
    }
}
