package dev.sotto.formats;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that may be gzipped, going by their first bytes and not by their name. */
public final class Gzip {
    private static final int BUFFER = 1 << 14;

    private Gzip() {}

    /**
     * The content of a file, unpacked if it begins with gzip's magic number.
     *
     * @throws FormatException if the gzip header is damaged; damage further on shows while reading, as
     *     {@link EOFException} or {@link ZipException}
     */
    public static InputStream open(Path path) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return gzip ? new GZIPInputStream(raw, BUFFER) : raw;
        } catch (EOFException | ZipException e) {
            raw.close();
            throw new FormatException(path.toString(), "offset 0", "damaged gzip header", e);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }
}
