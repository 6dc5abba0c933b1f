package dev.sotto.formats;

import java.io.ByteArrayOutputStream;
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
    private static final int VERSION = 45;
    private static final int UNIX = 3 << 8;
    private static final int UTF8 = 0x800;
    private static final int DEFLATED = 8;
    private static final int DATE_1980 = 0x21;
    private static final long MOST = 0xFFFF_FFFEL;

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
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        int flags = name.chars().allMatch(c -> c < 128) ? 0 : UTF8;
        if (size > MOST || offset > MOST || nameBytes.length > 0xFFFF || directory.size() >= 0xFFFF) {
            throw new IOException("entry " + name + ": too large or too many for a .npz (4 GiB, 65,535 arrays)");
        }
        directory.add(record(46 + nameBytes.length)
                .putInt(0x02014b50)
                .putShort((short) (UNIX | VERSION))
                .putShort((short) VERSION)
                .putShort((short) flags)
                .putShort((short) DEFLATED)
                .putShort((short) 0)
                .putShort((short) DATE_1980)
                .putInt((int) crc.getValue())
                .putInt(packed.size())
                .putInt((int) size)
                .putShort((short) nameBytes.length)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0600 << 16)
                .putInt((int) offset)
                .put(nameBytes)
                .array());
        emit(record(30 + nameBytes.length + 20)
                .putInt(0x04034b50)
                .putShort((short) VERSION)
                .putShort((short) flags)
                .putShort((short) DEFLATED)
                .putShort((short) 0)
                .putShort((short) DATE_1980)
                .putInt((int) crc.getValue())
                .putInt(-1)
                .putInt(-1)
                .putShort((short) nameBytes.length)
                .putShort((short) 20)
                .put(nameBytes)
                .putShort((short) 1)
                .putShort((short) 16)
                .putLong(size)
                .putLong(packed.size())
                .array());
        packed.writeTo(out);
        offset += packed.size();
    }

    void finish() throws IOException {
        long start = offset;
        for (byte[] entry : directory) {
            emit(entry);
        }
        if (offset > MOST) {
            throw new IOException("too large for a .npz (4 GiB)");
        }
        emit(record(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort((short) directory.size())
                .putShort((short) directory.size())
                .putInt((int) (offset - start))
                .putInt((int) start)
                .putShort((short) 0)
                .array());
    }

    private static ByteBuffer record(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void emit(byte[] bytes) throws IOException {
        out.write(bytes);
        offset += bytes.length;
    }
}
