package dev.sotto.formats;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writing: floats as little-endian bytes, and files that appear whole or not at all. */
final class Output {
    private static final int PIECE = 1 << 14;

    private Output() {}

    /** What is written to a stream. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a temporary file beside the target and renames it over the target. */
    static void whole(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(target + ": not a file name");
        }
        Path part = folder.resolve(
                "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                content.writeTo(out);
            }
            Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    static void floats(float[] data, OutputStream out) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(4 * Math.min(PIECE, Math.max(1, data.length)))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < data.length; from += PIECE) {
            piece.clear();
            for (int i = from; i < Math.min(data.length, from + PIECE); i++) {
                piece.putFloat(data[i]);
            }
            out.write(piece.array(), 0, piece.position());
        }
    }
}
