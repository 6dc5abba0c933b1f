package dev.sotto.cli;

import dev.sotto.experiment.run.Version;
import dev.sotto.formats.Printable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
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
            PrivacyCommand.class,
            QuickstartCommand.class,
            CoordinatorCommand.class,
            NodeCommand.class,
            RequestCommand.class,
            DatasiteCommand.class,
            LedgerCommand.class,
            SessionCommand.class,
            ClientCommand.class,
            AuditCommand.class,
            DoctorCommand.class
        })
public final class Main {
    /** Set on the root alone: in the annotation it would be every command's that has none of its own. */
    private static final String[] FOOTER = {
        "",
        "Start here:",
        "  sotto run         train the built-in experiment: two clients, epsilon 3",
        "  sotto init        write an experiment of your own to start from",
        "  sotto quickstart  the same for real: coordinator and nodes as processes"
    };

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d|)");

    private Main() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        // Libraries log through SLF4J, which would say that it has nowhere to: what matters we say ourselves.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Main());
        root.getCommandSpec().usageMessage().footer(FOOTER);
        fillFooters(root);
        return root.registerConverter(Long.class, Main::whole)
                .registerConverter(Double.class, Main::number)
                .registerConverter(Duration.class, Main::duration)
                .registerConverter(Path.class, Main::path)
                .setExecutionExceptionHandler(Failures::explain)
                .setParameterExceptionHandler(Failures::misused)
                .setExecutionStrategy(Main::execute)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    private static void fillFooters(CommandLine command) {
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpFooter::render);
        command.getSubcommands().values().forEach(Main::fillFooters);
    }

    /** A group of commands does nothing by itself: naming none of them is wrong usage, as it is for sotto itself. */
    private static int execute(ParseResult parsed) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandSpec command = last.commandSpec();
        if (!command.subcommands().isEmpty()) {
            throw new ParameterException(command.commandLine(), Failures.COMMAND_MISSING);
        }
        return new RunLast().execute(parsed);
    }

    private static Long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a time such as 180s, 5m, 2h or 7d");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofSeconds(count);
        };
    }

    private static Path path(String text) {
        return path(text, System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    /** A path where names of files are in that encoding: the locale's, which in the C locale knows ASCII alone. */
    static Path path(String text, String encoding) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            String advice = encoding.toUpperCase(Locale.ROOT).startsWith("UTF")
                    ? "it holds a character that no name may have"
                    : "names of files are " + encoding + " in this locale; start Sotto with LC_ALL=C.UTF-8";
            throw new TypeConversionException("'" + Printable.line(text) + "' cannot be the name of a file: " + advice);
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
