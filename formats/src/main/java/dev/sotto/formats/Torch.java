package dev.sotto.formats;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * PyTorch's .pt files: tensors in dicts, lists and tuples, as {@code torch.save} writes them since version 1.6. No pickle
 * code is ever run: what is not tensors, numbers and text is refused by name. All numbers become floats. Thread-safe: no
 * state.
 */
public final class Torch {
    private static final int LONGEST_PICKLE = 1 << 24;
    private static final int MOST_ENTRIES = 100_000;
    private static final int LONGEST_NAME = 1000;
    private static final int DEEPEST = 32;
    private static final int MOST_VALUES = 1_000_000;
    private static final int MOST_DIMENSIONS = 32;

    private final String file;
    private final Limits limits;
    private final Map<String, TorchPickle.View> views = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();
    private final boolean keepNumbers;
    private int values;

    private Torch(String file, Limits limits, boolean keepNumbers) {
        this.file = file;
        this.limits = limits;
        this.keepNumbers = keepNumbers;
    }

    /**
     * What a file holds.
     *
     * @param tensors in the order of the file
     * @param types of their numbers, by name
     * @param numbers whole numbers that are no tensors, called as tensors are; empty unless asked for
     */
    record Content(List<Tensor> tensors, Map<String, TorchType> types, Map<String, Long> numbers) {}

    /** Reads with {@link Limits#standard()}. */
    public static List<Tensor> read(Path file) throws IOException {
        return read(file, Limits.standard());
    }

    /**
     * Reads all tensors in the order of the file. A tensor is called by its key in a dict or its position in a list, each
     * joined to the next inner one with a dot; a tensor that is all there is, is called by the empty name. What is not a
     * tensor is passed over.
     *
     * @throws FormatException if it is not such a file, asks for anything but tensors, or is larger than the limits
     */
    public static List<Tensor> read(Path file, Limits limits) throws IOException {
        return content(file, limits, false).tensors();
    }

    /** The same with what else can be told of it. */
    static Content content(Path file, Limits limits, boolean keepNumbers) throws IOException {
        String name = file.toString();
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            throw new FormatException(name, "offset 0", "not a file, or an empty one");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new Torch(name, limits, keepNumbers).read(zip);
        } catch (EOFException e) {
            throw new FormatException(name, "archive", "an entry lies beyond the end of the file", e);
        } catch (ZipException e) {
            throw new FormatException(
                    name, "archive", "not a ZIP archive, as PyTorch writes since 1.6; save it with a later version", e);
        } catch (IllegalArgumentException e) {
            // ZipFile's answer to names that are not UTF-8 and to damaged extra fields.
            throw new FormatException(name, "directory", "damaged: " + e.getMessage(), e);
        }
    }

    private Content read(ZipFile zip) throws IOException {
        Map<String, ZipEntry> entries = entries(zip);
        ZipEntry pickle = entries.get("data.pkl");
        if (pickle == null) {
            throw new FormatException(file, "archive", "it has no data.pkl: not a file that PyTorch writes");
        }
        if (entries.containsKey("constants.pkl")) {
            throw new FormatException(
                    file, "archive", "a TorchScript program; save the model's state_dict(), which is only numbers");
        }
        ZipEntry order = entries.get("byteorder");
        if (order != null && !new String(content(zip, order, 16), StandardCharsets.US_ASCII).equals("little")) {
            throw new FormatException(file, "entry byteorder", "only little-endian numbers can be read");
        }
        gather("", TorchPickle.read(file, content(zip, pickle, LONGEST_PICKLE)), 0);
        if (views.isEmpty()) {
            throw new FormatException(file, "data.pkl", "it holds no tensors");
        }
        Map<String, TorchType> types = new LinkedHashMap<>();
        views.forEach((name, view) -> types.put(name, view.storage().type()));
        return new Content(tensors(zip, entries), types, numbers);
    }

    /** Entries by their names below the one folder that all are in. */
    private Map<String, ZipEntry> entries(ZipFile zip) throws FormatException {
        if (zip.size() > MOST_ENTRIES) {
            throw new FormatException(file, "directory", zip.size() + " entries; at most " + MOST_ENTRIES);
        }
        Map<String, ZipEntry> entries = new LinkedHashMap<>();
        String folder = null;
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            String name = entry.getName();
            int slash = name.indexOf('/');
            String own = name.substring(0, slash + 1);
            folder = folder == null ? own : folder;
            if (slash < 0 || !own.equals(folder) || entries.put(name.substring(slash + 1), entry) != null) {
                throw new FormatException(file, "entry " + name, "entries must be in one folder, each name once");
            }
        }
        return entries;
    }

    private byte[] content(ZipFile zip, ZipEntry entry, long most) throws IOException {
        String place = "entry " + entry.getName();
        if (entry.getMethod() != ZipEntry.STORED) {
            throw new FormatException(file, place, "it is compressed; PyTorch stores its entries as they are");
        }
        if (entry.getSize() > most) {
            throw new FormatException(file, place, entry.getSize() + " bytes; at most " + most + " are read");
        }
        CheckedInputStream checked = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
        try (Input in = new Input(file, place + ", ", checked)) {
            byte[] bytes = in.exactly(entry.getSize(), "the entry");
            in.end("the entry");
            if (checked.getChecksum().getValue() != entry.getCrc()) {
                throw in.fail("the CRC-32 of the archive does not match");
            }
            return bytes;
        }
    }

    /** Finds the tensors in nested dicts, lists and tuples; those may be nested in themselves. */
    private void gather(String name, Object value, int depth) throws FormatException {
        if (depth > DEEPEST || ++values > MOST_VALUES) {
            throw new FormatException(file, "data.pkl", "values are nested too deep, or too many");
        }
        if (value instanceof TorchPickle.View view) {
            if (views.size() == limits.tensors()) {
                throw new FormatException(file, "data.pkl", "more than " + limits.tensors() + " tensors");
            }
            if (views.put(name, view) != null) {
                throw new FormatException(file, "tensor " + name, "two tensors have this name");
            }
        } else if (value instanceof Long number && keepNumbers) {
            numbers.put(name, number);
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                gather(join(name, entry.getKey()), entry.getValue(), depth + 1);
            }
        } else if (value instanceof List<?> list) {
            gather(name, list, depth);
        } else if (value instanceof TorchPickle.Tuple tuple) {
            gather(name, tuple.values(), depth);
        }
    }

    private void gather(String name, List<?> list, int depth) throws FormatException {
        for (int i = 0; i < list.size(); i++) {
            gather(join(name, i), list.get(i), depth + 1);
        }
    }

    private String join(String outer, Object key) throws FormatException {
        String name = outer.isEmpty() ? key.toString() : outer + "." + key;
        if (name.length() > LONGEST_NAME) {
            throw new FormatException(file, "data.pkl", "a name of more than " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private List<Tensor> tensors(ZipFile zip, Map<String, ZipEntry> entries) throws IOException {
        long left = limits.bytes();
        Map<TorchPickle.Storage, List<String>> byStorage = new LinkedHashMap<>();
        for (Map.Entry<String, TorchPickle.View> each : views.entrySet()) {
            left -= 4 * check(each.getKey(), each.getValue(), left / 4);
            byStorage
                    .computeIfAbsent(each.getValue().storage(), storage -> new ArrayList<>())
                    .add(each.getKey());
        }
        Map<String, Tensor> read = new LinkedHashMap<>();
        for (Map.Entry<TorchPickle.Storage, List<String>> each : byStorage.entrySet()) {
            // One storage in memory at a time, however many tensors share it.
            ByteBuffer numbers = numbers(zip, entries, each.getKey());
            for (String name : each.getValue()) {
                read.put(name, tensor(name, views.get(name), numbers));
            }
        }
        return views.keySet().stream().map(read::get).toList();
    }

    /** Refuses a view that does not lie in its storage; gives how many numbers it has. */
    private long check(String name, TorchPickle.View view, long most) throws FormatException {
        String place = "tensor " + name;
        int dims = view.shape().size();
        if (dims > MOST_DIMENSIONS
                || view.storage().count() > Integer.MAX_VALUE
                || view.offset() < 0
                || view.offset() > Integer.MAX_VALUE) {
            throw new FormatException(file, place, "more dimensions, numbers or a farther offset than can be read");
        }
        long count = 1;
        long last = view.offset();
        for (int d = 0; d < dims; d++) {
            long size = view.shape().get(d);
            long stride = view.strides().get(d);
            if (size < 0 || size > Integer.MAX_VALUE || stride < 0 || stride > Integer.MAX_VALUE) {
                throw new FormatException(file, place, "shape or strides are out of range");
            }
            count *= size;
            if (count > Integer.MAX_VALUE - 8 || count > most) {
                throw new FormatException(
                        file,
                        place,
                        "shape " + view.shape() + " holds more numbers than the " + most + " that may be read");
            }
            last = Math.min(Long.MAX_VALUE / 4, last + Math.max(0, size - 1) * stride);
        }
        if (count > 0 && last >= view.storage().count()) {
            throw new FormatException(
                    file,
                    place,
                    "it reaches beyond its storage of " + view.storage().count() + " numbers");
        }
        return count;
    }

    private ByteBuffer numbers(ZipFile zip, Map<String, ZipEntry> entries, TorchPickle.Storage storage)
            throws IOException {
        String name = "data/" + storage.key();
        ZipEntry entry = entries.get(name);
        long bytes = storage.count() * storage.type().width();
        if (entry == null || entry.getSize() != bytes) {
            throw new FormatException(
                    file,
                    "entry " + name,
                    entry == null ? "it is missing" : entry.getSize() + " bytes; its tensors need " + bytes);
        }
        return ByteBuffer.wrap(content(zip, entry, limits.bytes() * 2)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Tensor tensor(String name, TorchPickle.View view, ByteBuffer numbers) throws FormatException {
        List<Integer> shape = view.shape().stream().map(Long::intValue).toList();
        int[] index = new int[shape.size()];
        int count = 1;
        for (int size : shape) {
            count *= size;
        }
        float[] data = new float[count];
        long at = view.offset();
        try {
            for (int i = 0; i < count; i++) {
                data[i] = view.storage().type().read(numbers, (int) at);
                for (int d = shape.size() - 1; d >= 0; d--) {
                    at += view.strides().get(d);
                    if (++index[d] < shape.get(d)) {
                        break;
                    }
                    at -= view.strides().get(d) * shape.get(d);
                    index[d] = 0;
                }
            }
        } catch (ArithmeticException e) {
            throw new FormatException(file, "tensor " + name, e.getMessage());
        }
        return new Tensor(name, shape, data);
    }
}
