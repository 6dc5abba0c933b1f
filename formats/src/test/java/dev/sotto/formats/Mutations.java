package dev.sotto.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.Assertions;

/** Seeded damage to valid files: a parser may read them or refuse them in one line, and nothing else. */
final class Mutations {
    private static final byte[] TELLING = {0, 1, 4, 8, 127, -1, -128, '{', '}', '"', ',', '(', '-', '9', '\n', 0x1f};

    private Mutations() {}

    @FunctionalInterface
    interface Parser {
        void parse(Path file) throws IOException;
    }

    /** Parses {@code rounds} damaged copies; returns how many were refused. */
    static int fuzz(Path folder, byte[] valid, int rounds, long seed, Parser parser) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int round = 0; round < rounds; round++) {
            // A new file each time: truncating a written one makes some file systems flush it to the disk first.
            Path file = Files.write(folder.resolve("strange-" + round + ".bin"), damaged(valid, random));
            try {
                parser.parse(file);
            } catch (FormatException e) {
                refused++;
                Assertions.assertThat(e.getMessage())
                        .startsWith(file.toString() + ": ")
                        .hasSizeGreaterThan(file.toString().length() + 10)
                        .hasSizeLessThan(500)
                        .doesNotContain("\n", "\r", ": null");
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
            Files.delete(file);
        }
        return refused;
    }

    private static byte[] damaged(byte[] valid, SplittableRandom random) {
        byte[] bytes = valid.clone();
        int changes = 1 + random.nextInt(4);
        for (int c = 0; c < changes && bytes.length > 0; c++) {
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 200));
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = spliced(bytes, at, random.nextInt(8), 0);
                case 5 -> bytes = spliced(bytes, at, 0, random.nextInt(8));
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(9)), (byte) -1);
            }
        }
        return bytes;
    }

    /** Removes {@code removed} bytes at a place and doubles {@code doubled} there. */
    private static byte[] spliced(byte[] bytes, int at, int removed, int doubled) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(bytes, at, Math.min(doubled, bytes.length - at));
        int rest = Math.min(bytes.length, at + removed);
        out.write(bytes, rest, bytes.length - rest);
        return out.toByteArray();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
