package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.experiment.CentralTestData;
import dev.sotto.formats.TorchExamples;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto datasite sample. */
@Command(
        name = "sample",
        mixinStandardHelpOptions = true,
        description = {
            "Write digits to try a federation with, in PyTorch's format: mnist_label_N.pt for each digit that is named, or all"
                    + " digits in one file to test on.",
            "Drawn here, which needs no download, or those of MNIST."
        },
        footer = {
            "",
            "Examples:",
            "  sotto datasite sample ~/SyftBox/private/fl_client --digits 0,1,2",
            "  sotto datasite sample ~/SyftBox/private/fl_aggregator --test 2000"
        })
final class DatasiteSampleCommand implements Callable<Integer> {
    private static final int CLASSES = 10;
    private static final int MOST = 100_000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder to write into; it must be there.")
    private Path folder;

    @Option(names = "--digits", split = ",", paramLabel = "N,...", description = "A file for each of these digits.")
    private List<Integer> digits = new ArrayList<>();

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The most in each file of one digit. Default: ${DEFAULT-VALUE}")
    private int examples;

    @Option(
            names = "--test",
            paramLabel = "N",
            description = "Write mnist_test_dataset.pt, with so many of all digits that are in no other file.")
    private Integer test;

    @Option(
            names = "--source",
            paramLabel = "digits|mnist",
            defaultValue = "digits",
            description = "Default: ${DEFAULT-VALUE}")
    private String source;

    @Option(
            names = "--path",
            paramLabel = "DIR",
            description = "Where MNIST's files are; else they are looked for as usual.")
    private Path path;

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        check();
        DataSet loaded = load(console);
        for (int digit : digits) {
            Path file = folder.resolve("mnist_label_" + digit + ".pt");
            int count = write(file, loaded.train(), label -> label == digit, examples);
            console.result("wrote " + file + ": " + count + " images of the digit " + digit);
        }
        if (test != null) {
            Path file = folder.resolve("mnist_test_dataset.pt");
            int count = write(file, loaded.test().orElseThrow(), label -> true, test);
            console.result("wrote " + file + ": " + count + " images of all digits");
        }
        return 0;
    }

    private void check() {
        if (digits.isEmpty() && test == null) {
            throw new ConfigException("--digits: name the digits to write, such as 0,1,2, or give --test N");
        }
        digits.stream()
                .filter(digit -> digit < 0 || digit >= CLASSES)
                .findFirst()
                .ifPresent(digit -> {
                    throw new ConfigException("--digits " + digit + ": it must be 0 to 9");
                });
        if (examples < 1 || examples > MOST || (test != null && (test < 1 || test > MOST))) {
            throw new ConfigException("--examples and --test must be 1 to " + MOST);
        }
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(folder + ": there is no such folder");
        }
        if (!List.of("digits", "mnist").contains(source)) {
            throw new ConfigException("--source " + source + ": it must be digits or mnist");
        }
        if (path != null && !source.equals("mnist")) {
            throw new ConfigException("--path " + path + ": it goes with --source mnist");
        }
    }

    private DataSet load(Console console) {
        ObjectNode data = Answers.object().put("source", source).put("scaling", "unit");
        if (source.equals("digits")) {
            // Which digits are drawn is left to chance: enough that there are as many of each.
            data.put("train", CLASSES * (examples + examples / 4 + 40)).put("test", test == null ? CLASSES : test);
        }
        if (path != null) {
            data.put("path", path.toAbsolutePath().toString());
        }
        return CentralTestData.load(
                "datasite sample", data, DataContext.ofSystem().withProgress(new DownloadProgress(console)));
    }

    private static int write(Path file, Examples from, IntPredicate wanted, int most) throws IOException {
        int[] chosen = IntStream.range(0, from.size())
                .filter(i -> wanted.test(from.label(i)))
                .limit(most)
                .toArray();
        int size = from.shape().size();
        float[] features = new float[chosen.length * size];
        for (int i = 0; i < chosen.length; i++) {
            from.features(chosen[i], features, i * size);
        }
        List<Integer> shape = new ArrayList<>(List.of(chosen.length));
        shape.addAll(from.shape().dims());
        new TorchExamples(shape, features, IntStream.of(chosen).map(from::label).toArray(), false).write(file);
        return chosen.length;
    }
}
