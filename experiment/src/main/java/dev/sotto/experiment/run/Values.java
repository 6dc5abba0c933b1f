package dev.sotto.experiment.run;

import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Arrays of a checkpoint as files: a checksum, then 32-bit floats or bytes, little-endian. */
final class Values {
    private Values() {}

    static ByteBuffer[] bytes(float[] values) {
        ByteBuffer data = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return bytes(data.array());
    }

    static ByteBuffer[] bytes(byte[] data) {
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(checksum(data, 0));
        return new ByteBuffer[] {head.flip(), ByteBuffer.wrap(data)};
    }

    static float[] floats(Path file) {
        ByteBuffer data = ByteBuffer.wrap(read(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    /** @throws ConfigException if the file is not there or not what was written */
    static byte[] read(Path file) {
        try {
            byte[] all = Files.readAllBytes(file);
            ByteBuffer whole = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
            if (all.length < Long.BYTES || whole.getLong() != checksum(all, Long.BYTES)) {
                throw new ConfigException(file + ": damaged; the run cannot be gone on with");
            }
            return java.util.Arrays.copyOfRange(all, Long.BYTES, all.length);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read; the run cannot be gone on with");
        }
    }

    private static long checksum(byte[] data, int from) {
        CRC32C sum = new CRC32C();
        sum.update(data, from, data.length - from);
        return sum.getValue();
    }
}
