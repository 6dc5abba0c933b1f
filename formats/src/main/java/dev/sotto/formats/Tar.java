package dev.sotto.formats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Regular files out of a tar archive (POSIX ustar, gzipped or not). Where a file goes is for the caller to say, who
 * never gets a path from the archive to write to unseen. Thread-safe: no state.
 */
public final class Tar {
    private static final int BLOCK = 512;

    private Tar() {}

    /**
     * Extracts the regular files for which {@code target} names a place, each whole or not at all.
     *
     * @param target given the name in the archive, where its content goes; empty to pass it over
     * @return number of files extracted
     * @throws FormatException if the archive is damaged, or its entries exceed the limits
     */
    public static int extract(Path archive, Function<String, Optional<Path>> target, Limits limits) throws IOException {
        int extracted = 0;
        long left = limits.bytes();
        try (Input in = Input.open(archive)) {
            while (true) {
                byte[] header = in.exactly(BLOCK, "a tar header");
                if (isZero(header)) {
                    return extracted;
                }
                checkSum(header, in);
                long size = octal(header, 124, 12, in);
                if (size > left) {
                    throw in.fail("an entry of " + size + " bytes; at most " + left + " are left");
                }
                left -= size;
                String name = text(header, 345, 155) + (header[345] == 0 ? "" : "/") + text(header, 0, 100);
                boolean regular = header[156] == '0' || header[156] == 0;
                byte[] content = in.exactly(size, "entry " + name);
                in.exactly(Math.floorMod(-size, (long) BLOCK), "the padding of entry " + name);
                Optional<Path> to = regular ? target.apply(name) : Optional.empty();
                if (to.isPresent()) {
                    Output.whole(to.get(), out -> out.write(content));
                    extracted++;
                }
            }
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static void checkSum(byte[] header, Input in) throws FormatException {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (octal(header, 148, 8, in) != sum) {
            throw in.fail("not a tar header: its checksum does not match");
        }
    }

    private static long octal(byte[] header, int from, int length, Input in) throws FormatException {
        long value = 0;
        boolean digits = false;
        for (int i = from; i < from + length; i++) {
            if (header[i] >= '0' && header[i] <= '7') {
                value = 8 * value + header[i] - '0';
                digits = true;
            } else if (header[i] == 0 || header[i] == ' ') {
                if (digits) {
                    break;
                }
            } else {
                throw in.fail("not a tar header: a number is not octal");
            }
        }
        return value;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
