package dev.sotto.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command has that asks something of a coordinator. */
final class OperatorOptions {
    private static final String VARIABLE = "SOTTO_COORDINATOR";

    @Option(
            names = "--coordinator",
            paramLabel = "FILE",
            description =
                    "The coordinator's operator.yaml; by default $SOTTO_COORDINATOR, then coordinator/operator.yaml.")
    private Path file;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    boolean json() {
        return json;
    }

    Path file() {
        return Optional.ofNullable(file)
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE))
                        .filter(name -> !name.isBlank())
                        .map(Path::of))
                .orElse(Path.of("coordinator", "operator.yaml"));
    }

    OperatorLink connect() {
        return new OperatorLink(OperatorLink.Where.read(file()));
    }
}
