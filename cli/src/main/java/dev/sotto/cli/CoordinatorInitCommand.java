package dev.sotto.cli;

import dev.sotto.coordinator.CoordinatorHome;
import dev.sotto.coordinator.CoordinatorSettings;
import dev.sotto.formats.ShellWord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto coordinator init. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Make a coordinator's folder: a certificate authority, its certificate, the key that signs packages, a database, and operator.yaml.",
            "Whoever has operator.yaml administers the coordinator."
        },
        footer = {
            "",
            "Examples:",
            "  sotto coordinator init",
            "  sotto coordinator init --host fed.example.org --host 10.0.0.5 --port 7443",
            "  sotto coordinator init --database jdbc:postgresql://db.example.org/sotto",
            "",
            "Without --host it is for this machine only."
        })
final class CoordinatorInitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--home", paramLabel = "DIR", description = "Where; by default coordinator.")
    private Path home = CoordinatorHome.DEFAULT;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "A name or address that nodes reach it by; may be given many times, the one to dial first.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port to listen on; by default 7443, 0 for any that is free at each start.")
    private int port = CoordinatorSettings.PORT;

    @Option(
            names = "--database",
            paramLabel = "JDBC-URL",
            description = "A PostgreSQL database that is no coordinator's yet; by default SQLite in the folder.")
    private String database;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        OptionRange.port(port);
        Path operator = CoordinatorHome.init(home, hosts, port, Optional.ofNullable(database));
        Console.of(spec)
                .result(
                        json
                                ? Answers.object()
                                        .put("home", home.toString())
                                        .put("operator", operator.toString())
                                        .toString()
                                : "made " + home + "; 'sotto coordinator start"
                                        + (home.equals(CoordinatorHome.DEFAULT) ? "" : " --home " + ShellWord.of(home))
                                        + "' runs it\nkeep " + operator
                                        + " to yourself: whoever has it is the administrator");
        return 0;
    }
}
