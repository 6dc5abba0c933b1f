package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sotto.formats.Npz;
import dev.sotto.formats.SafeTensors;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The directory of one run. All but the history are written whole or not at all; the history gains a line a round, on disk
 * before the next round begins. Not thread-safe.
 *
 * <p>Failures to write are {@link UncheckedIOException}s whose message names the file and the reason.
 */
public final class RunDirectory {
    /** The resolved experiment. */
    public static final String EXPERIMENT = "experiment.yaml";
    /** A JSON object a round. */
    public static final String HISTORY = "history.jsonl";
    /** The model for Hugging Face's library, with its architecture in the metadata. */
    public static final String SAFETENSORS = "model.safetensors";
    /** The model for NumPy: arrays 0, 1, ... in the order of the layout. */
    public static final String NPZ = "model.npz";
    /** The guarantee in full. */
    public static final String PRIVACY = "privacy.json";
    /** What came of the run. */
    public static final String RESULT = "result.json";
    /** The page. */
    public static final String REPORT = "report.html";
    /** The plot of accuracy. */
    public static final String ACCURACY = "accuracy.svg";

    private static final List<String> FILES =
            List.of(EXPERIMENT, HISTORY, SAFETENSORS, NPZ, PRIVACY, RESULT, REPORT, ACCURACY);
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build());

    private final Path path;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /**
     * A directory for a new run; made if it is not there. Other files in it stay.
     *
     * @throws ConfigException if something else is in the way, it cannot be written to, or it holds an earlier run or files
     *     that are called as a run's are: what a run spent is written there and nowhere else
     */
    public static RunDirectory create(Path path) {
        if (Files.exists(path.resolve(HISTORY))) {
            String advice = new CheckpointFolder(path).usable()
                    ? "holds an interrupted run, go on with it by --resume " + path
                    : "holds an earlier run";
            throw refused(path, advice + ", give another directory, or replace it by --force", null);
        }
        return replace(path);
    }

    /**
     * The same, but an earlier run in it is replaced: its files are removed here, so that no two runs' files lie together.
     *
     * @throws ConfigException if something else is in the way, it cannot be written to, or files lie there that are called
     *     as a run's are but that no run wrote
     */
    public static RunDirectory replace(Path path) {
        try {
            Files.createDirectories(path);
            // Asking whether it is writable is not enough: root may write anywhere except to a read-only mount.
            Files.delete(Files.createTempFile(path, ".sotto", ".tmp"));
            clear(path);
            Files.createFile(path.resolve(HISTORY));
        } catch (FileAlreadyExistsException e) {
            throw refused(path, "a file of that name is in the way; give a directory", e);
        } catch (IOException e) {
            throw refused(path, "cannot be written to: " + reason(e, path), e);
        }
        return new RunDirectory(path);
    }

    private static void clear(Path path) throws IOException {
        List<String> present =
                FILES.stream().filter(file -> Files.exists(path.resolve(file))).toList();
        if (!present.isEmpty() && !present.contains(HISTORY)) {
            throw refused(path, "holds " + present.get(0) + ", which no run wrote; give another directory", null);
        }
        for (String file : present) {
            Files.delete(path.resolve(file));
        }
        new CheckpointFolder(path).files().delete();
    }

    /**
     * The directory of a run that was made earlier.
     *
     * @throws ConfigException if there is none
     */
    public static RunDirectory open(Path path) {
        if (!Files.isDirectory(path)) {
            throw refused(path, "no such directory; give that of a run", null);
        }
        if (!Files.exists(path.resolve(EXPERIMENT)) && !Files.exists(path.resolve(HISTORY))) {
            throw refused(path, "not a run's directory: it has no " + EXPERIMENT + " and no " + HISTORY, null);
        }
        return new RunDirectory(path);
    }

    private static ConfigException refused(Path path, String reason, IOException cause) {
        ConfigException refusal = new ConfigException("run directory " + path + ": " + reason);
        if (cause != null) {
            refusal.initCause(cause);
        }
        return refusal;
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Where a file of it is. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /** Writes the resolved experiment. */
    public void writeExperiment(ObjectNode experiment) {
        attempt(EXPERIMENT, file -> WholeFile.write(file, yaml(experiment)));
    }

    /** As it is written in {@value #EXPERIMENT}. */
    public static String yaml(JsonNode experiment) {
        try {
            return YAML.writeValueAsString(experiment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the history anew, up to where a run goes on. */
    void rewriteHistory(List<RoundLine> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(Json.line(line.json())).append('\n'));
        writeText(HISTORY, text.toString());
    }

    /** Appends a round to the history and waits until it is on disk. */
    public void append(RoundLine line) {
        attempt(HISTORY, file -> {
            byte[] bytes = (Json.line(line.json()) + "\n").getBytes(StandardCharsets.UTF_8);
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(false);
            }
        });
    }

    /**
     * Writes the model in both formats.
     *
     * @param parameters flat, in the spec's layout
     */
    public void writeModel(ModelSpec spec, float[] parameters, Provenance provenance) {
        ModelTensors tensors = new ModelTensors(spec, parameters);
        attempt(SAFETENSORS, file -> SafeTensors.write(file, tensors.named(), tensors.metadata(provenance)));
        attempt(NPZ, file -> Npz.write(file, tensors.numbered()));
    }

    /** Writes the guarantee. */
    public void writePrivacy(PrivacyStatement statement) {
        writeText(PRIVACY, Json.pretty(statement.json()));
    }

    /** Writes what came of the run. */
    public void writeResult(RunSummary result) {
        writeText(RESULT, Json.pretty(result.file()));
    }

    /** Writes a text file. */
    public void writeText(String name, String text) {
        attempt(name, file -> WholeFile.write(file, text));
    }

    private interface Write {
        void to(Path file) throws IOException;
    }

    private void attempt(String name, Write write) {
        Path file = file(name);
        try {
            write.to(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + reason(e, file), e);
        }
    }

    /** How the experiment that was run here differs from another, in words; empty if it does not. */
    public Optional<String> difference(JsonNode other) {
        return experiment().flatMap(own -> Difference.of(own, other));
    }

    /** The resolved experiment, if it was written. */
    Optional<JsonNode> experiment() {
        return read(EXPERIMENT, YAML::readTree);
    }

    /**
     * Reads everything that reports are made of. What was never written is absent; a last line of history that a kill cut
     * short is left out.
     *
     * @throws ConfigException naming the file, and the line of the history, that is not what a run writes
     */
    public RecordedRun read() {
        return new RecordedRun(
                experiment()
                        .filter(JsonNode::isObject)
                        .map(ObjectNode.class::cast)
                        .orElseGet(Json::object),
                readHistory(),
                read(PRIVACY, Json::parse).map(PrivacyStatement::parse),
                read(RESULT, Json::parse).map(RunSummary::parse));
    }

    private List<RoundLine> readHistory() {
        String text = text(HISTORY).orElse("");
        List<RoundLine> lines = new ArrayList<>();
        int number = 1;
        for (int from = 0, to; (to = text.indexOf('\n', from)) >= 0; from = to + 1) {
            lines.add(RoundLine.parse(parse(HISTORY + ":" + number++, text.substring(from, to), Json::parse)));
        }
        return lines;
    }

    private interface Parse {
        JsonNode of(String text) throws IOException;
    }

    private Optional<JsonNode> read(String name, Parse parser) {
        return text(name).map(text -> parse(name, text, parser));
    }

    private JsonNode parse(String where, String text, Parse parser) {
        try {
            return parser.of(text);
        } catch (IOException e) {
            throw refused(file(where), "not what a run writes: " + firstLine(e.getMessage()), e);
        }
    }

    private Optional<String> text(String name) {
        Path file = file(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw refused(file, "cannot be read: " + reason(e, file), e);
        }
    }

    private static String reason(IOException e, Path file) {
        Function<String, String> plain = text -> text.replace(file.toString() + ": ", "");
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : plain.apply(firstLine(e.getMessage()));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
