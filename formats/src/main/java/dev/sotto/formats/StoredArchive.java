package dev.sotto.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A ZIP archive in one fixed form: nothing is deflated, and from the names and contents alone follows every byte. So two
 * programs cannot see different things in one archive, nothing can hide between entries or after them, and nothing can grow
 * while it is unpacked. Any ZIP tool can look inside.
 */
public final class StoredArchive {
    private StoredArchive() {}

    /** What is written to a stream. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes entries in the order they come; names must differ. Not thread-safe. */
    public static final class Writer {
        private final ZipWriter zip;

        /** Writes to a stream, which stays open. */
        public Writer(OutputStream out) {
            zip = new ZipWriter(out);
        }

        /** An entry; its content is asked for twice and must be the same both times. */
        public void entry(String name, Content content) throws IOException {
            zip.stored(name, content::writeTo);
        }

        /** Writes the directory, after the last entry. */
        public void finish() throws IOException {
            zip.finish();
        }
    }

    /**
     * An entry as it is read.
     *
     * @param name as it stands in the archive: it may be anything, so never use it as a path
     * @param size of its content, as the archive claims; the content ends there at the latest
     * @param content to be read whole before the next entry
     */
    public record Entry(String name, long size, InputStream content) {}

    /** Reads an archive once from its beginning to its end. Not thread-safe. */
    public static final class Reader {
        private static final int LONGEST_NAME = 1000;

        private final String file;
        private final Input in;
        private final int most;
        private final Set<String> names = new HashSet<>();
        private final List<byte[]> directory = new ArrayList<>();
        private Body current;
        private boolean ended;

        /**
         * Reads a stream, which stays open.
         *
         * @param file for messages
         * @param most entries
         */
        public Reader(String file, InputStream in, int most) {
            this.file = file;
            this.in = new Input(file, "", in);
            this.most = most;
        }

        /**
         * The next entry; empty at the end, which is checked to be one.
         *
         * @throws FormatException if anything is not as {@link Writer} writes it
         */
        public Optional<Entry> next() throws IOException {
            if (current != null) {
                current.finish();
                current = null;
            }
            if (ended) {
                return Optional.empty();
            }
            long start = in.position();
            byte[] signature = in.exactly(4, "a ZIP header");
            int kind = buffer(signature).getInt();
            if (kind == ZipWriter.LOCAL) {
                return Optional.of(entry(start, signature));
            }
            if (directory.isEmpty() && kind != ZipWriter.END) {
                throw in.fail(0, "not a ZIP archive");
            }
            end(start, signature);
            return Optional.empty();
        }

        private Entry entry(long start, byte[] signature) throws IOException {
            if (directory.size() == most) {
                throw in.fail(start, "more than " + most + " entries");
            }
            byte[] rest = in.exactly(ZipWriter.LOCAL_SIZE - 4L, "the header of an entry");
            ByteBuffer fields = buffer(rest);
            int nameLength = fields.getShort(22) & 0xffff;
            int extraLength = fields.getShort(24) & 0xffff;
            if (nameLength > LONGEST_NAME) {
                throw in.fail(start, "a name of " + nameLength + " bytes; at most " + LONGEST_NAME + " are read");
            }
            byte[] nameBytes = in.exactly(nameLength, "the name of an entry");
            String name = new String(nameBytes, StandardCharsets.UTF_8);
            String place = "entry " + name;
            if (fields.getShort(4) != ZipWriter.STORED) {
                throw new FormatException(file, place, "it is compressed; entries must be stored as they are");
            }
            if (!names.add(name)) {
                throw new FormatException(file, place, "it is there twice");
            }
            if (extraLength != ZipWriter.EXTRA_SIZE) {
                throw new FormatException(file, place, "its header is not in the form that is written here");
            }
            byte[] extra = in.exactly(extraLength, "the header of an entry");
            long size = buffer(extra).getLong(4);
            ZipWriter.Header header = ZipWriter.Header.stored(name, fields.getInt(10) & 0xffff_ffffL, size);
            byte[] found = ByteBuffer.allocate(header.local().length)
                    .put(signature)
                    .put(rest)
                    .put(nameBytes, 0, Math.min(nameBytes.length, header.name().length))
                    .put(extra)
                    .array();
            if (size < 0 || size > ZipWriter.MOST || !Arrays.equals(found, header.local())) {
                throw new FormatException(file, place, "its header is not in the form that is written here");
            }
            directory.add(header.central(start));
            current = new Body(name, header);
            return new Entry(name, size, current);
        }

        private void end(long start, byte[] signature) throws IOException {
            long size = directory.stream().mapToLong(entry -> entry.length).sum();
            List<byte[]> expected = new ArrayList<>(directory);
            expected.add(ZipWriter.end(directory.size(), size, start));
            byte[] found = signature;
            for (byte[] record : expected) {
                byte[] rest = in.exactly(record.length - (long) found.length, "the directory");
                if (!Arrays.equals(record, concatenated(found, rest))) {
                    throw in.fail(start, "the directory does not list the entries as they are");
                }
                found = new byte[0];
            }
            in.end("the archive");
            ended = true;
        }

        private static byte[] concatenated(byte[] first, byte[] second) {
            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            return both;
        }

        private static ByteBuffer buffer(byte[] bytes) {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** The content of one entry: ends with it, and its checksum must be the stated one. */
        private final class Body extends InputStream {
            private final String name;
            private final ZipWriter.Header header;
            private final CRC32 crc = new CRC32();
            private long left;

            Body(String name, ZipWriter.Header header) {
                this.name = name;
                this.header = header;
                this.left = header.size();
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int count) throws IOException {
                if (left == 0 || count == 0) {
                    return count == 0 ? 0 : -1;
                }
                int wanted = (int) Math.min(count, left);
                int got = in.read(into, from, wanted);
                crc.update(into, from, got);
                left -= got;
                if (got < wanted) {
                    throw new FormatException(
                            file,
                            "entry " + name,
                            "truncated: " + left + " of its " + header.size() + " bytes are missing");
                }
                return got;
            }

            void finish() throws IOException {
                if (left > 0) {
                    throw new FormatException(file, "entry " + name, left + " bytes more than belong there");
                }
                if (crc.getValue() != header.crc()) {
                    throw new FormatException(file, "entry " + name, "the CRC-32 of the archive does not match");
                }
            }
        }
    }
}
