package dev.sotto.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.data.DataContext;
import dev.sotto.formats.TorchExamples;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;

/** Files of the layout that an experiment asks for, with made-up values, in place of data that cannot be shipped. */
final class StandIns {
    private static final int ROWS = 3_000;
    private static final int IMAGES = 10_000;

    private final Path folder;

    StandIns(Path folder) {
        this.folder = folder;
    }

    /** Writes what an experiment needs and gives the context in which it is found. */
    DataContext write(ExperimentFile experiment) throws IOException {
        JsonNode data = experiment.tree().path("data");
        if (data.path("source").asText().equals("csv")) {
            Path into = Files.createDirectories(folder.resolve(data.path("name").asText()));
            for (String key : List.of("files", "test-files")) {
                for (JsonNode file : data.path(key)) {
                    boolean header = data.path("format").path("header").asBoolean(true);
                    table(into.resolve(file.asText()), data.path("columns"), header);
                }
            }
        }
        if (data.path("source").asText().equals("pt")) {
            Path into = Files.createDirectories(
                    experiment.folder().resolve(data.path("path").asText()));
            for (JsonNode file : data.path("files")) {
                int[] labels = new int[100];
                new TorchExamples(List.of(100, 1, 28, 28), new float[100 * 28 * 28], labels, false)
                        .write(into.resolve(file.asText()));
            }
        }
        if (data.path("source").asText().equals("mnist")) {
            mnist(Files.createDirectories(folder.resolve("mnist")));
        }
        if (data.path("source").asText().equals("cifar10")) {
            cifar(Files.createDirectories(folder.resolve("cifar10")));
        }
        return experiment.context().withSottoData(folder).withCache(folder).withOffline(true);
    }

    private static void table(Path file, JsonNode columns, boolean header) throws IOException {
        try (OutputStream bytes = Files.newOutputStream(file);
                OutputStream packed = file.toString().endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes;
                Writer out = new OutputStreamWriter(packed, StandardCharsets.UTF_8)) {
            if (header) {
                List<String> names = new ArrayList<>();
                columns.forEach(column -> names.add(column.path("name").asText()));
                out.write(String.join(",", names) + "\n");
            }
            for (int row = 0; row < ROWS; row++) {
                List<String> cells = new ArrayList<>();
                for (JsonNode column : columns) {
                    cells.add(cell(column, row));
                }
                out.write(String.join(",", cells) + "\n");
            }
        }
    }

    private static String cell(JsonNode column, int row) {
        if (column.has("numeric")) {
            return column.path("numeric").path("min").asText("1");
        }
        List<JsonNode> valid = StreamSupport.stream(
                        (column.has("label") ? column.path("label") : column.path("categories")).spliterator(), false)
                .flatMap(value ->
                        value.isArray() ? StreamSupport.stream(value.spliterator(), false) : List.of(value).stream())
                .toList();
        return valid.isEmpty() ? "-" : valid.get(row % valid.size()).asText();
    }

    private static void mnist(Path into) throws IOException {
        for (String part : List.of("train", "t10k")) {
            idx(into.resolve(part + "-images-idx3-ubyte"), IMAGES, 28, 28);
            idx(into.resolve(part + "-labels-idx1-ubyte"), IMAGES);
        }
    }

    /** Records of a label and 3 x 32 x 32 bytes. */
    private static void cifar(Path into) throws IOException {
        for (String part : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")) {
            Files.write(into.resolve(part + ".bin"), new byte[600 * 3073]);
        }
        Files.write(into.resolve("test_batch.bin"), new byte[100 * 3073]);
    }

    private static void idx(Path file, int... dims) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(8 << 8 | dims.length);
            int size = 1;
            for (int dim : dims) {
                out.writeInt(dim);
                size *= dim;
            }
            out.write(new byte[size]);
        }
    }
}
