package dev.sotto.formats;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hugging Face's safetensors: 8 bytes of header length (little-endian), a JSON header padded with spaces so that the
 * data begin at a multiple of 8, then the numbers. Written as F32; read as F32 or F64 (narrowed). Thread-safe: no
 * state.
 */
public final class SafeTensors {
    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;

    private SafeTensors() {}

    /**
     * What a file holds.
     *
     * @param tensors in the order of the header
     * @param metadata in the order of the header
     */
    public record Content(List<Tensor> tensors, Map<String, String> metadata) {}

    /** Writes the file whole or not at all; names must differ. */
    public static void write(Path file, List<Tensor> tensors, Map<String, String> metadata) throws IOException {
        Output.whole(file, out -> write(out, tensors, metadata));
    }

    /** Writes to a stream, which stays open; metadata in the map's own order. */
    public static void write(OutputStream out, List<Tensor> tensors, Map<String, String> metadata) throws IOException {
        byte[] header = header(tensors, metadata);
        int padding = Math.floorMod(-header.length, ALIGNMENT);
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length + padding)
                .array());
        out.write(header);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        for (Tensor tensor : tensors) {
            Output.floats(tensor.data(), out);
        }
    }

    private static byte[] header(List<Tensor> tensors, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Set<String> names = new HashSet<>(Set.of(METADATA));
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (Tensor tensor : tensors) {
                if (!names.add(tensor.name())) {
                    throw new IllegalArgumentException("two tensors are called " + tensor.name());
                }
                long end = offset + 4L * tensor.data().length;
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", "F32");
                json.writeArrayFieldStart("shape");
                for (int dim : tensor.shape()) {
                    json.writeNumber(dim);
                }
                json.writeEndArray();
                json.writeArrayFieldStart("data_offsets");
                json.writeNumber(offset);
                json.writeNumber(end);
                json.writeEndArray();
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** Reads with {@link Limits#standard()}. */
    public static Content read(Path file) throws IOException {
        return read(file, Limits.standard());
    }

    /**
     * Reads a file whose header must account for every byte of the data once: no overlaps, no holes.
     *
     * @throws FormatException if the file breaks the format or is larger than the limits
     */
    public static Content read(Path file, Limits limits) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(file.toString(), "offset 0", "not a file");
        }
        long size = Files.size(file);
        try (Input in = new Input(file.toString(), "", Files.newInputStream(file))) {
            long length = ByteBuffer.wrap(in.exactly(8, "the header length"))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (length < 2 || length > Math.min(size - 8, SafeTensorsHeader.LONGEST)) {
                throw in.fail(
                        0,
                        "a header of " + Long.toUnsignedString(length) + " bytes; the file has " + size
                                + " bytes and at most " + SafeTensorsHeader.LONGEST + " are read");
            }
            if (size - 8 - length > limits.bytes()) {
                throw in.fail(size - 8 - length + " bytes of data; at most " + limits.bytes() + " are read");
            }
            byte[] json = in.exactly(length, "the header");
            SafeTensorsHeader header =
                    SafeTensorsHeader.parse(file.toString(), json, size - 8 - length, limits.tensors());
            return content(in, header);
        }
    }

    private static Content content(Input in, SafeTensorsHeader header) throws IOException {
        List<SafeTensorsHeader.Entry> inFile = new ArrayList<>(header.entries());
        inFile.sort(Comparator.comparingLong(SafeTensorsHeader.Entry::begin)
                .thenComparingLong(SafeTensorsHeader.Entry::end));
        Tensor[] tensors = new Tensor[inFile.size()];
        for (SafeTensorsHeader.Entry entry : inFile) {
            float[] data = in.floats(entry.count(), entry.width(), "tensor " + entry.name());
            tensors[entry.position()] = new Tensor(entry.name(), entry.shape(), data);
        }
        in.end("the last tensor");
        return new Content(List.of(tensors), header.metadata());
    }
}
