package dev.sotto.wire;

import java.io.IOException;

/** A chunk is not what it must be; the message says which and how, in one line. */
public final class DamagedChunkException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedChunkException(String message) {
        super(message);
    }
}
