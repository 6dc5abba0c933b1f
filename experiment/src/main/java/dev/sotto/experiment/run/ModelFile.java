package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.Tensor;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is inside a model file: what {@code sotto model inspect} prints.
 *
 * @param file its path
 * @param format safetensors, npz or pt
 * @param bytes its size
 * @param tensors in the order of the file
 * @param model architecture, if the file states one
 * @param metadata what else the file says of itself; empty but for safetensors
 */
public record ModelFile(
        Path file,
        String format,
        long bytes,
        List<TensorSummary> tensors,
        Optional<JsonNode> model,
        Map<String, String> metadata) {

    /**
     * Reads and sums up a file, whose kind its name's ending tells.
     *
     * @throws ConfigException in one line, if there is no such file or its kind is not known
     * @throws IOException in one line, if it is not what its ending says; a {@link FormatException} where its bytes are wrong
     */
    public static ModelFile read(Path file) throws IOException {
        ModelContent content = ModelContent.read(file);
        return of(file, content.format(), content.tensors(), content.metadata());
    }

    private static ModelFile of(Path file, String format, List<Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        Map<String, String> rest = new LinkedHashMap<>(metadata);
        Optional<JsonNode> model = parsed(rest.remove(ModelTensors.MODEL));
        return new ModelFile(
                file,
                format,
                Files.size(file),
                tensors.stream().map(TensorSummary::of).toList(),
                model,
                rest);
    }

    /** A stranger's file may hold anything under our key; what is not JSON states no architecture. */
    private static Optional<JsonNode> parsed(String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Json.parse(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** All values of all arrays. */
    public long parameters() {
        return tensors.stream().mapToLong(TensorSummary::parameters).sum();
    }

    /** How many of them are NaN or infinite. */
    public long nonFinite() {
        return tensors.stream().mapToLong(TensorSummary::nonFinite).sum();
    }

    /** What {@code --json} prints. */
    public ObjectNode json() {
        ObjectNode node = Json.object().put("file", file.toString()).put("format", format);
        node.put("bytes", bytes).put("parameters", parameters()).put("nonFinite", nonFinite());
        ArrayNode list = node.putArray("tensors");
        tensors.forEach(tensor -> list.add(tensor.json()));
        node.set("model", model.orElse(null));
        ObjectNode rest = node.putObject("metadata");
        metadata.forEach(rest::put);
        return node;
    }

    /** A table of the arrays, then what the file says of itself. */
    public String text() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"tensor", "shape", "parameters", "min", "max", "mean", "std"});
        for (TensorSummary tensor : tensors) {
            rows.add(new String[] {
                printable(tensor.name()),
                tensor.shapeText(),
                count(tensor.parameters()),
                number(tensor.min()),
                number(tensor.max()),
                number(tensor.mean()),
                number(tensor.std()) + (tensor.nonFinite() == 0 ? "" : "  " + count(tensor.nonFinite()) + " not finite")
            });
        }
        StringBuilder text = new StringBuilder();
        text.append(file)
                .append(": ")
                .append(format)
                .append(", ")
                .append(count(bytes))
                .append(" bytes, ");
        text.append(count(parameters()))
                .append(" parameters in ")
                .append(count(tensors.size()))
                .append(" tensors");
        text.append(nonFinite() == 0 ? "\n\n" : ", " + count(nonFinite()) + " not finite\n\n");
        table(rows, text);
        model.ifPresent(spec ->
                text.append("\nmodel: ").append(printable(spec.toString())).append('\n'));
        metadata.forEach((key, value) -> text.append(printable(key))
                .append(": ")
                .append(printable(value))
                .append('\n'));
        return text.toString();
    }

    private static void table(List<String[]> rows, StringBuilder text) {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length - 1; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        widths[widths.length - 1] = 11;
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                String pad = " ".repeat(Math.max(0, widths[i] - row[i].length()));
                boolean left = i < 2;
                text.append(i == 0 ? "" : "  ").append(left ? row[i] + pad : padded(pad, row[i], i == row.length - 1));
            }
            text.append('\n');
        }
    }

    /** The last column may carry a remark after its number, which must not push the number out of line. */
    private static String padded(String pad, String cell, boolean last) {
        int remark = last ? cell.indexOf("  ") : -1;
        return remark < 0 ? pad + cell : " ".repeat(Math.max(0, 11 - remark)) + cell;
    }

    /** Names in a stranger's file may hold anything; a terminal must not obey them. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.4g", value.getAsDouble()) : "-";
    }
}
