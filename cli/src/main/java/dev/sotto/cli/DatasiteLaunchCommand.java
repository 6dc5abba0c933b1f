package dev.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.InferredModel;
import dev.sotto.experiment.run.WholeFile;
import dev.sotto.folders.Datasite;
import dev.sotto.folders.Launch;
import dev.sotto.folders.config.DatasiteFile;
import dev.sotto.folders.project.FlConfig;
import dev.sotto.folders.project.FlLaunchReader;
import dev.sotto.folders.project.FlProject;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto datasite launch. */
@Command(
        name = "launch",
        mixinStandardHelpOptions = true,
        description = {
            "Check a project (fl_config.json, weights, and model.py to be shown) and put it into launch/, from where a running"
                    + " datasite takes it.",
            "Python is never run. Where fl_config.json does not name the model, it is worked out from the names and shapes of the"
                    + " weights, shown, and must be confirmed."
        },
        footer = {
            "",
            "Examples:",
            "  sotto datasite launch my-project --data-dir ~/SyftBox",
            "  sotto datasite launch my-project --model mnist-cnn",
            "  sotto datasite launch my-project --model experiment.yaml"
        })
final class DatasiteLaunchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FOLDER",
            description = "The project: it holds fl_config.json and the weights that this names.")
    private Path folder;

    @Mixin
    private DatasiteOptions options;

    @Option(
            names = "--model",
            paramLabel = "PRESET|FILE.yaml",
            description =
                    "The model that the weights are for: a preset's name, or a file with the key model, such as an"
                            + " experiment.")
    private String model;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask whether the model is the right one.")
    private boolean yes;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        DatasiteFile file = options.file();
        Datasite datasite = DatasiteOptions.open(file);
        FlProject project = FlProject.read(folder);
        FlConfig config = project.config();
        if (!config.aggregator().equals(datasite.email())) {
            throw new ConfigException(config.file() + ": aggregator: it is " + config.aggregator()
                    + ", and this datasite is " + datasite.email() + "; launch it there");
        }
        Optional<Chosen> chosen = chosen(project, console);
        if (chosen.isEmpty()) {
            console.remark("nothing was launched");
            return 1;
        }
        Path mine = datasite.privateTree().resolve("fl_aggregator");
        Launch launch = project.launch(config.folderName(), chosen.get().model(), file.rules(), mine);
        project.warning().ifPresent(console::remark);
        Path placed =
                place(launch, project.stating(chosen.get().model(), chosen.get().preset()), mine);
        console.result(json ? json(launch, placed) : text(launch, placed));
        return 0;
    }

    private record Chosen(ModelSpec model, Optional<String> preset) {}

    private Optional<Chosen> chosen(FlProject project, Console console) {
        if (model != null) {
            boolean isFile = model.matches("(?i).*\\.ya?ml") || Files.isRegularFile(Path.of(model));
            JsonNode tree = isFile ? fromFile(Path.of(model)) : TextNode.valueOf(model);
            return Optional.of(new Chosen(
                    project.model(tree, "--model " + model), isFile ? Optional.empty() : Optional.of(model)));
        }
        Optional<ModelSpec> stated = project.stated();
        if (stated.isPresent()) {
            return stated.map(spec -> new Chosen(spec, Optional.empty()));
        }
        InferredModel only = FlLaunchReader.only(project);
        console.remark("the weights fit " + only.words());
        console.remark(only.assumed()
                + project.config()
                        .modelArch()
                        .map(arch -> "; " + arch + " is not run")
                        .orElse(""));
        return Confirmation.given(yes, "Is this the model?")
                ? Optional.of(new Chosen(only.model(), only.preset()))
                : Optional.empty();
    }

    private static JsonNode fromFile(Path file) {
        ObjectNode tree = ExperimentFile.read(file).tree();
        if (!tree.hasNonNull("model")) {
            throw new ConfigException(file + ": model: it is required: a preset's name, or layers");
        }
        return tree.get("model");
    }

    /** Whole or not at all: a datasite may be looking. */
    private static Path place(Launch launch, ObjectNode config, Path mine) throws IOException {
        Path target = mine.resolve("launch").resolve(launch.project());
        for (String taken : new String[] {"launch", "running"}) {
            if (Files.exists(mine.resolve(taken).resolve(launch.project()))) {
                throw new ConfigException(mine.resolve(taken).resolve(launch.project())
                        + ": this project is there already; give another project_name");
            }
        }
        Path temporary = Files.createDirectory(mine.resolve(".launching-" + UUID.randomUUID()));
        try {
            for (Path shown : launch.shown()) {
                if (!shown.endsWith(FlConfig.NAME)) {
                    Files.copy(shown, temporary.resolve(shown.getFileName()));
                }
            }
            WholeFile.write(temporary.resolve(FlConfig.NAME), config.toPrettyString() + "\n");
            return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(temporary);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static String text(Launch launch, Path placed) {
        return "launched " + launch.project() + ": " + launch.draft().model().name() + ", "
                + Console.number(launch.initial().length, 0) + " parameters, "
                + launch.draft().terms().path("rounds").asInt() + " rounds, "
                + launch.participants().size()
                + " participants; it lies in " + placed;
    }

    private static String json(Launch launch, Path placed) {
        ObjectNode node = Answers.object()
                .put("project", launch.project())
                .put("folder", placed.toString())
                .put("model", launch.draft().model().name())
                .put("parameters", launch.initial().length);
        node.set("terms", launch.draft().terms());
        var participants = node.putArray("participants");
        launch.participants().forEach(each -> participants.add(each.text()));
        return node.toString();
    }
}
