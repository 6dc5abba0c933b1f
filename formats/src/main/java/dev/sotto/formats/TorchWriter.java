package dev.sotto.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a tuple of examples and classes as {@code torch.save} does: a pickle that describes two arrays, and the arrays. */
final class TorchWriter {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

    private TorchWriter() {}

    static void write(TorchExamples examples, OutputStream out) throws IOException {
        TorchWriter writer = new TorchWriter();
        int count = examples.labels().length;
        writer.codes(0x80, 2);
        writer.tensor(
                examples.bytes() ? "ByteStorage" : "FloatStorage", "0", examples.features().length, examples.shape());
        writer.tensor("LongStorage", "1", count, List.of(count));
        writer.codes(0x86, '.');
        StoredArchive.Writer zip = new StoredArchive.Writer(out);
        zip.entry("archive/data.pkl", writer.pickle::writeTo);
        zip.entry("archive/byteorder", to -> to.write(ascii("little")));
        zip.entry("archive/data/0", to -> {
            if (examples.bytes()) {
                to.write(bytes(examples.features()));
            } else {
                Output.floats(examples.features(), to);
            }
        });
        zip.entry("archive/data/1", to -> to.write(longs(examples.labels())));
        zip.entry("archive/version", to -> to.write(ascii("3\n")));
        zip.finish();
    }

    private static byte[] bytes(float[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (int) values[i];
        }
        return bytes;
    }

    private static byte[] longs(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    private void tensor(String storage, String key, int count, List<Integer> shape) {
        text("ctorch._utils\n_rebuild_tensor_v2\n((");
        unicode("storage");
        text("ctorch\n" + storage + "\n");
        unicode(key);
        unicode("cpu");
        number(count);
        text("tQ");
        number(0);
        text("(");
        shape.forEach(this::number);
        text("t(");
        for (int d = 0; d < shape.size(); d++) {
            number(shape.subList(d + 1, shape.size()).stream().reduce(1, (a, b) -> a * b));
        }
        text("t");
        codes(0x89);
        text("ccollections\nOrderedDict\n)RtR");
    }

    private void codes(int... codes) {
        for (int code : codes) {
            pickle.write(code);
        }
    }

    private void text(String text) {
        pickle.writeBytes(ascii(text));
    }

    private void unicode(String text) {
        codes('X');
        little(text.length());
        text(text);
    }

    private void number(int number) {
        codes('J');
        little(number);
    }

    private void little(int number) {
        pickle.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
