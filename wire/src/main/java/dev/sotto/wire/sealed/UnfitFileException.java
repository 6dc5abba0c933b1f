package dev.sotto.wire.sealed;

import java.io.IOException;

/** Something lies where a file of ours would be, and is not what it must be; the message says in one line what was seen. */
public final class UnfitFileException extends IOException {
    private static final long serialVersionUID = 1;

    /** With that one line. */
    public UnfitFileException(String message) {
        super(message);
    }
}
