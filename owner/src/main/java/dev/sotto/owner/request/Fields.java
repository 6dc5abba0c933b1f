package dev.sotto.owner.request;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One encoding for what is signed or hashed: each text and each array after its length, so that no two say the same. */
final class Fields {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** @param context what the bytes are for, which no other use of the key or hash begins with */
    Fields(String context) {
        bytes.writeBytes(context.getBytes(StandardCharsets.US_ASCII));
        bytes.write('\n');
    }

    Fields add(byte[] value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
        bytes.writeBytes(value);
        return this;
    }

    Fields add(String value) {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    Fields add(long value) {
        return add(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
