package dev.sotto.formats;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * A ZIP archive field by field as Python's zipfile writes it for NumPy: deflate, the ZIP64 extra field in every local
 * header, dated 1980-01-01, mode 0600. The same tensors therefore give the same bytes on every day and in every time
 * zone, which java.util.zip's streams do not.
 */
final class ZipWriter {
    static final int LOCAL = 0x04034b50;
    static final int CENTRAL = 0x02014b50;
    static final int END = 0x06054b50;
    /** Bytes of a local header without its name, and of the extra field after the name. */
    static final int LOCAL_SIZE = 30;

    static final int EXTRA_SIZE = 20;
    static final int STORED = 0;
    static final long MOST = 0xFFFF_FFFEL;
    private static final int VERSION = 45;
    private static final int UNIX = 3 << 8;
    private static final int UTF8 = 0x800;
    private static final int DEFLATED = 8;
    private static final int DATE_1980 = 0x21;

    private final OutputStream out;
    private final List<byte[]> directory = new ArrayList<>();
    private long offset;

    ZipWriter(OutputStream out) {
        this.out = out;
    }

    void entry(String name, Output.Content content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        CRC32 crc = new CRC32();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        long size;
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(packed, deflater, 1 << 16)) {
            content.writeTo(new CheckedOutputStream(deflated, crc));
            deflated.finish();
            size = deflater.getBytesRead();
        } finally {
            deflater.end();
        }
        begin(new Header(name, DEFLATED, crc.getValue(), size, packed.size()));
        packed.writeTo(out);
        offset += packed.size();
    }

    /** An entry that is not deflated; its content is asked for twice and must be the same. */
    void stored(String name, Output.Content content) throws IOException {
        Counted counted = new Counted(OutputStream.nullOutputStream());
        content.writeTo(counted);
        begin(Header.stored(name, counted.crc.getValue(), counted.size));
        Counted again = new Counted(out);
        content.writeTo(again);
        if (again.size != counted.size || again.crc.getValue() != counted.crc.getValue()) {
            throw new IOException("entry " + name + ": its content changed while it was written");
        }
        offset += counted.size;
    }

    private void begin(Header header) throws IOException {
        if (header.size > MOST || offset > MOST || header.name.length > 0xFFFF || directory.size() >= 0xFFFF) {
            throw new IOException("entry " + new String(header.name, StandardCharsets.UTF_8)
                    + ": too large or too many for one archive (4 GiB, 65,535 entries)");
        }
        directory.add(header.central(offset));
        emit(header.local());
    }

    void finish() throws IOException {
        long start = offset;
        for (byte[] entry : directory) {
            emit(entry);
        }
        if (offset > MOST) {
            throw new IOException("too large for one archive (4 GiB)");
        }
        emit(end(directory.size(), offset - start, start));
    }

    /** What stands before an entry and, in other words, in the directory. */
    record Header(byte[] name, int method, long crc, long size, long packed) {
        Header(String name, int method, long crc, long size, long packed) {
            this(name.getBytes(StandardCharsets.UTF_8), method, crc, size, packed);
        }

        static Header stored(String name, long crc, long size) {
            return new Header(name, STORED, crc, size, size);
        }

        private int flags() {
            for (byte b : name) {
                if (b < 0) {
                    return UTF8;
                }
            }
            return 0;
        }

        byte[] local() {
            return record(LOCAL_SIZE + name.length + EXTRA_SIZE)
                    .putInt(LOCAL)
                    .putShort((short) VERSION)
                    .putShort((short) flags())
                    .putShort((short) method)
                    .putShort((short) 0)
                    .putShort((short) DATE_1980)
                    .putInt((int) crc)
                    .putInt(-1)
                    .putInt(-1)
                    .putShort((short) name.length)
                    .putShort((short) EXTRA_SIZE)
                    .put(name)
                    .putShort((short) 1)
                    .putShort((short) 16)
                    .putLong(size)
                    .putLong(packed)
                    .array();
        }

        byte[] central(long offset) {
            return record(46 + name.length)
                    .putInt(CENTRAL)
                    .putShort((short) (UNIX | VERSION))
                    .putShort((short) VERSION)
                    .putShort((short) flags())
                    .putShort((short) method)
                    .putShort((short) 0)
                    .putShort((short) DATE_1980)
                    .putInt((int) crc)
                    .putInt((int) packed)
                    .putInt((int) size)
                    .putShort((short) name.length)
                    .putShort((short) 0)
                    .putShort((short) 0)
                    .putShort((short) 0)
                    .putShort((short) 0)
                    .putInt(0600 << 16)
                    .putInt((int) offset)
                    .put(name)
                    .array();
        }
    }

    static byte[] end(int entries, long size, long start) {
        return record(22)
                .putInt(END)
                .putInt(0)
                .putShort((short) entries)
                .putShort((short) entries)
                .putInt((int) size)
                .putInt((int) start)
                .putShort((short) 0)
                .array();
    }

    private static final class Counted extends FilterOutputStream {
        private final CRC32 crc = new CRC32();
        private long size;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            crc.update(b);
            size++;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            crc.update(bytes, from, count);
            size += count;
        }
    }

    private static ByteBuffer record(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void emit(byte[] bytes) throws IOException {
        out.write(bytes);
        offset += bytes.length;
    }
}
