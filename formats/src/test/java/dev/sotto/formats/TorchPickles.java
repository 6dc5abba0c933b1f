package dev.sotto.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pickles put together instruction by instruction, and the archives around them. */
final class TorchPickles {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TorchPickles() {
        code(0x80, 2);
    }

    TorchPickles code(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    TorchPickles global(String module, String name) {
        return code('c').ascii(module + "\n" + name + "\n");
    }

    TorchPickles ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    TorchPickles text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        out.writeBytes(bytes);
        return this;
    }

    TorchPickles number(long number) {
        out.write(0x8a);
        out.write(8);
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array());
        return this;
    }

    private TorchPickles tuple(long... numbers) {
        code('(');
        for (long number : numbers) {
            number(number);
        }
        return code('t');
    }

    /** A tensor of floats in a storage of {@code count} numbers. */
    TorchPickles tensor(String key, long count, long offset, long[] shape, long[] strides) {
        return tensor("FloatStorage", key, count, offset, shape, strides);
    }

    /** The same of other numbers. */
    TorchPickles tensor(String storage, String key, long count, long offset, long[] shape, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").code('(');
        code('(').text("storage").global("torch", storage).text(key).text("cpu").number(count);
        code('t', 'Q').number(offset).tuple(shape).tuple(strides);
        return code(0x89).global("collections", "OrderedDict").code(')', 'R', 't', 'R');
    }

    byte[] end() {
        out.write('.');
        return out.toByteArray();
    }

    /** An archive with a pickle and storages of floats. */
    static byte[] archive(byte[] pickle, Map<String, float[]> storages) throws IOException {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        storages.forEach((key, floats) -> {
            ByteBuffer buffer = ByteBuffer.allocate(4 * floats.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(floats);
            bytes.put(key, buffer.array());
        });
        return archiveOf(pickle, bytes);
    }

    /** An archive with a pickle and storages of anything. */
    static byte[] archiveOf(byte[] pickle, Map<String, byte[]> storages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StoredArchive.Writer zip = new StoredArchive.Writer(bytes);
        zip.entry("a/data.pkl", to -> to.write(pickle));
        zip.entry("a/byteorder", to -> to.write("little".getBytes(StandardCharsets.US_ASCII)));
        for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
            zip.entry("a/data/" + storage.getKey(), to -> to.write(storage.getValue()));
        }
        zip.finish();
        return bytes.toByteArray();
    }
}
