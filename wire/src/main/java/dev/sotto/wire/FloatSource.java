package dev.sotto.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A vector's bytes, from any value on. */
record FloatSource(float[] vector) implements ByteSource {
    @Override
    public long size() {
        return (long) Float.BYTES * vector.length;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        if (offset % Float.BYTES != 0) {
            throw new IOException("offset " + offset + " is within a value; values have " + Float.BYTES + " bytes");
        }
        int from = Math.toIntExact(offset / Float.BYTES);
        int count = Math.min(into.remaining() / Float.BYTES, vector.length - from);
        into.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector, from, count);
        into.position(into.position() + count * Float.BYTES).limit(into.position());
    }
}
