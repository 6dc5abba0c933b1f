package dev.sotto.formats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * NumPy's .npz: a ZIP archive with one {@code NAME.npy} for each array. What is written has the bytes that
 * {@code numpy.savez_compressed} writes for float32 arrays (given the same zlib), so that the same tensors always make
 * the same file; what {@code numpy.savez} writes (not deflated) can be read too. So can an .npz inside the archive that
 * FEDn's second generation puts around models: {@code metadata.json} and the .npz as {@code training_model.bin}. Thread-safe: no
 * state.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";
    private static final String WRAPPED = "training_model.bin";
    private static final String WRAPPER = "metadata.json";
    /** Headers and directory of an archive, beyond what is in its arrays. */
    private static final int OVERHEAD_PER_ARRAY = 1024;

    private Npz() {}

    /** Writes the file whole or not at all; names must differ. */
    public static void write(Path file, List<Tensor> tensors) throws IOException {
        Output.whole(file, out -> write(out, tensors));
    }

    /** Writes to a stream, which stays open. */
    public static void write(OutputStream out, List<Tensor> tensors) throws IOException {
        Set<String> names = new HashSet<>();
        ZipWriter zip = new ZipWriter(out);
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are called " + tensor.name());
            }
            zip.entry(tensor.name() + SUFFIX, to -> Npy.write(tensor, to));
        }
        zip.finish();
    }

    /**
     * The same not deflated, as {@code numpy.savez} writes it: its bytes do not depend on a compressor.
     *
     * @param tensors asked for twice, each only when its turn comes
     */
    public static void writeStored(OutputStream out, List<Supplier<Tensor>> tensors) throws IOException {
        ZipWriter zip = new ZipWriter(out);
        for (Supplier<Tensor> each : tensors) {
            Tensor tensor = each.get();
            zip.stored(tensor.name() + SUFFIX, to -> Npy.write(tensor, to));
        }
        zip.finish();
    }

    /**
     * Reads what {@link #writeStored} writes, and nothing that differs from it in a byte, in one pass.
     *
     * @param file for messages
     * @param each told of the arrays in their order
     * @throws FormatException if it is anything else, or larger than the limits
     */
    public static void readStored(String file, InputStream in, Limits limits, TensorReader each) throws IOException {
        StoredArchive.Reader archive = new StoredArchive.Reader(file, in, limits.tensors());
        long left = limits.bytes();
        for (Optional<StoredArchive.Entry> next = archive.next(); next.isPresent(); next = archive.next()) {
            StoredArchive.Entry entry = next.get();
            if (!entry.name().endsWith(SUFFIX)) {
                throw new FormatException(file, "entry " + entry.name(), "entries must be called NAME.npy");
            }
            Input array = new Input(file, "entry " + entry.name() + ", ", entry.content());
            String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
            Tensor tensor = Npy.read(name, array, left);
            left -= 4L * tensor.data().length;
            each.read(tensor);
        }
    }

    /** Told of arrays as they are read. */
    @FunctionalInterface
    public interface TensorReader {
        void read(Tensor tensor) throws IOException;
    }

    /** Reads with {@link Limits#standard()}. */
    public static List<Tensor> read(Path file) throws IOException {
        return read(file, Limits.standard());
    }

    /**
     * Reads all arrays, in the order of the archive.
     *
     * @throws FormatException if the file is not an .npz of float arrays, or is larger than the limits
     */
    public static List<Tensor> read(Path file, Limits limits) throws IOException {
        return opened(
                file.toString(),
                file,
                zip -> isWrapped(zip) ? unwrapped(file.toString(), limits, zip) : read(file.toString(), limits, zip));
    }

    @FunctionalInterface
    private interface Reading {
        List<Tensor> read(ZipFile zip) throws IOException;
    }

    private static List<Tensor> opened(String name, Path file, Reading reading) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            throw new FormatException(name, "offset 0", "not a file, or an empty one");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return reading.read(zip);
        } catch (EOFException e) {
            throw new FormatException(name, "archive", "an entry lies beyond the end of the file", e);
        } catch (ZipException e) {
            throw new FormatException(name, "archive", "not a ZIP archive: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            // ZipFile's answer to names that are not UTF-8 and to damaged extra fields.
            throw new FormatException(name, "directory", "damaged: " + e.getMessage(), e);
        }
    }

    private static boolean isWrapped(ZipFile zip) {
        return zip.getEntry(WRAPPER) != null && zip.getEntry(WRAPPED) != null;
    }

    /** An archive has its directory at its end, so the inner one must be a file of its own. What is around it is not looked at. */
    private static List<Tensor> unwrapped(String name, Limits limits, ZipFile zip) throws IOException {
        String where = "entry " + WRAPPED;
        ZipEntry entry = zip.getEntry(WRAPPED);
        long most = limits.bytes() + (long) OVERHEAD_PER_ARRAY * limits.tensors();
        Path inner = Files.createTempFile("sotto-model-", ".npz");
        try {
            CheckedInputStream checked = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
            try (checked;
                    OutputStream out = Files.newOutputStream(inner)) {
                byte[] piece = new byte[1 << 16];
                long left = most;
                for (int read = checked.read(piece); read >= 0; read = checked.read(piece)) {
                    left -= read;
                    if (left < 0) {
                        throw new FormatException(name, where, "more than " + most + " bytes");
                    }
                    out.write(piece, 0, read);
                }
            }
            if (checked.getChecksum().getValue() != entry.getCrc()) {
                throw new FormatException(name, where, "the CRC-32 of the archive does not match");
            }
            String inside = name + ": " + where;
            return opened(inside, inner, arrays -> read(inside, limits, arrays));
        } finally {
            Files.deleteIfExists(inner);
        }
    }

    private static List<Tensor> read(String file, Limits limits, ZipFile zip) throws IOException {
        if (zip.size() > limits.tensors()) {
            throw new FormatException(file, "directory", zip.size() + " arrays; at most " + limits.tensors());
        }
        List<Tensor> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long left = limits.bytes();
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            String name = entry.getName();
            if (!name.endsWith(SUFFIX) || !names.add(name)) {
                throw new FormatException(file, "entry " + name, "entries must be called NAME.npy, each name once");
            }
            String tensor = name.substring(0, name.length() - SUFFIX.length());
            CheckedInputStream checked = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
            try (Input in = new Input(file, "entry " + name + ", ", checked)) {
                Tensor read = Npy.read(tensor, in, left);
                if (checked.getChecksum().getValue() != entry.getCrc()) {
                    throw in.fail("the CRC-32 of the archive does not match");
                }
                left -= 4L * read.data().length;
                tensors.add(read);
            }
        }
        return List.copyOf(tensors);
    }
}
