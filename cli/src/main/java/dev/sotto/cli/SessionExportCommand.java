package dev.sotto.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto session export. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Write a session's files as 'sotto run' writes a run's: experiment, history, model, privacy.json, report.",
        footer = {
            "",
            "Example:",
            "  sotto session export s-1a2b3c --out result",
            "",
            "Of a session that is still going on, what is committed so far is written, without the model."
        })
final class SessionExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Parameters(paramLabel = "SESSION", description = "Its id.")
    private String id;

    @Option(names = "--out", paramLabel = "DIR", description = "Where to; by default runs/SESSION.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path into = out == null ? Path.of("runs", id) : out;
        try (OperatorLink link = operator.connect()) {
            List<String> files = SessionExport.fetch(link, id, into);
            var json = Answers.object().put("directory", into.toString());
            var list = json.putArray("files");
            files.forEach(list::add);
            Console.of(spec).result(operator.json() ? json.toString() : into + ": " + String.join(", ", files));
            return 0;
        }
    }
}
