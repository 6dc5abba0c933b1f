package dev.sotto.experiment.packaging;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.DataContract;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.Limits;
import dev.sotto.formats.Npz;
import dev.sotto.formats.StoredArchive;
import dev.sotto.formats.Tensor;
import dev.sotto.learning.Layout;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Reads packages from strangers, in one pass: form and signature first, so that nothing unsigned is looked at any closer.
 */
final class PackageReader {
    private static final List<String> ENTRIES =
            List.of(Manifest.NAME, Seal.NAME, SessionPackage.TERMS, SessionPackage.CONTRACT, SessionPackage.SEED);
    private static final int MOST_TEXT = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final String file;
    private final Limits limits;

    PackageReader(String file, Limits limits) {
        this.file = file;
        this.limits = limits;
    }

    SessionPackage read(InputStream in) throws IOException {
        MessageDigest whole = Hashing.sha256();
        StoredArchive.Reader archive = new StoredArchive.Reader(file, new DigestInputStream(in, whole), ENTRIES.size());
        byte[] manifestBytes = text(archive, Manifest.NAME);
        byte[] signature = text(archive, Seal.NAME);
        Seal seal = Seal.parse(file, signature, manifestBytes);
        Manifest manifest = Manifest.parse(file, manifestBytes);
        if (!List.copyOf(manifest.items().keySet()).equals(ENTRIES.subList(2, ENTRIES.size()))) {
            throw new FormatException(file, Manifest.NAME, "it must list " + ENTRIES.subList(2, ENTRIES.size()));
        }
        byte[] termsBytes = listed(archive, manifest, SessionPackage.TERMS);
        byte[] contractBytes = listed(archive, manifest, SessionPackage.CONTRACT);
        DataContract contract = contract(contractBytes);
        ObjectNode terms = terms(termsBytes);
        ModelSpec model = model(terms, contract);
        float[] seed = seed(archive, manifest, model);
        if (archive.next().isPresent()) {
            throw new IllegalStateException("more entries than were let in");
        }
        return new SessionPackage(file, whole.digest(), seal.signer(), terms, contract, model, seed);
    }

    private StoredArchive.Entry next(StoredArchive.Reader archive, String name) throws IOException {
        Optional<StoredArchive.Entry> entry = archive.next();
        if (entry.isEmpty()) {
            throw new FormatException(file, "package", "it has no entry " + name);
        }
        String found = entry.get().name();
        if (!found.equals(name)) {
            throw new FormatException(
                    file,
                    "entry " + found,
                    ENTRIES.contains(found)
                            ? "entries must come in the order " + String.join(", ", ENTRIES)
                            : "unknown; a package holds only " + String.join(", ", ENTRIES));
        }
        return entry.get();
    }

    private byte[] text(StoredArchive.Reader archive, String name) throws IOException {
        StoredArchive.Entry entry = next(archive, name);
        if (entry.size() > MOST_TEXT) {
            throw new FormatException(
                    file, "entry " + name, entry.size() + " bytes; at most " + MOST_TEXT + " are read");
        }
        return entry.content().readNBytes((int) entry.size());
    }

    private byte[] listed(StoredArchive.Reader archive, Manifest manifest, String name) throws IOException {
        byte[] bytes = text(archive, name);
        MessageDigest digest = Hashing.sha256();
        digest.update(bytes);
        manifest.require(file, name, bytes.length, digest);
        return bytes;
    }

    private ObjectNode terms(byte[] bytes) throws FormatException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return ExperimentFile.parse(file + ": " + SessionPackage.TERMS, Path.of(""), text)
                    .tree();
        } catch (CharacterCodingException e) {
            throw new FormatException(file, SessionPackage.TERMS, "not UTF-8 text");
        } catch (IllegalArgumentException e) {
            throw refused(SessionPackage.TERMS, e);
        }
    }

    private DataContract contract(byte[] bytes) throws IOException {
        try {
            JsonNode json = JSON.readTree(bytes);
            return DataContract.read(file + ": " + SessionPackage.CONTRACT, json);
        } catch (IllegalArgumentException e) {
            throw refused(SessionPackage.CONTRACT, e);
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException(file, SessionPackage.CONTRACT, "not JSON");
        }
    }

    private ModelSpec model(ObjectNode terms, DataContract contract) throws FormatException {
        try {
            return SessionTerms.model(file + ": " + SessionPackage.TERMS, terms, contract);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw refused(SessionPackage.TERMS, e);
        }
    }

    private FormatException refused(String entry, RuntimeException cause) {
        String message = String.valueOf(cause.getMessage());
        String before = file + ": " + entry + ": ";
        return new FormatException(
                file, entry, message.startsWith(before) ? message.substring(before.length()) : message);
    }

    private float[] seed(StoredArchive.Reader archive, Manifest manifest, ModelSpec model) throws IOException {
        StoredArchive.Entry entry = next(archive, SessionPackage.SEED);
        Layout layout = model.layout();
        if (4L * layout.size() > limits.bytes()) {
            throw new FormatException(
                    file,
                    "entry " + SessionPackage.SEED,
                    layout.size() + " parameters are " + 4L * layout.size() + " bytes; at most " + limits.bytes()
                            + " are read");
        }
        if (entry.size() < 4L * layout.size()) {
            throw new FormatException(
                    file,
                    "entry " + SessionPackage.SEED,
                    entry.size() + " bytes cannot hold the " + layout.size() + " parameters of the model");
        }
        MessageDigest digest = Hashing.sha256();
        Filling filling = new Filling(layout);
        Npz.readStored(
                file + ": " + SessionPackage.SEED,
                new DigestInputStream(entry.content(), digest),
                new Limits(4L * layout.size(), layout.tensors().size()),
                filling);
        manifest.require(file, SessionPackage.SEED, entry.size(), digest);
        return filling.whole();
    }

    /** The flat parameters, tensor by tensor, each with the place and shape that the model has for it. */
    private final class Filling implements Npz.TensorReader {
        private final Layout layout;
        private float[] flat = new float[0];
        private int next;

        Filling(Layout layout) {
            this.layout = layout;
        }

        @Override
        public void read(Tensor tensor) throws FormatException {
            Layout.Tensor expected = layout.tensors().get(next);
            if (!tensor.name().equals(String.valueOf(next))) {
                throw fail(tensor, "expected array " + next + " here");
            }
            if (!tensor.shape().equals(expected.shape().dims())) {
                throw fail(
                        tensor,
                        "shape " + tensor.shape() + "; the model's " + expected.name() + " is "
                                + expected.shape().dims());
            }
            float[] values = tensor.data();
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw fail(tensor, "value " + i + " is " + values[i] + "; all must be finite");
                }
            }
            if (flat.length == 0) {
                // Not before there are bytes: terms alone must not make anybody allocate gigabytes.
                flat = new float[layout.size()];
            }
            System.arraycopy(values, 0, flat, expected.offset(), values.length);
            next++;
        }

        private FormatException fail(Tensor tensor, String reason) {
            return new FormatException(file, SessionPackage.SEED + ", array " + tensor.name(), reason);
        }

        float[] whole() throws FormatException {
            if (next < layout.tensors().size()) {
                throw new FormatException(
                        file,
                        "entry " + SessionPackage.SEED,
                        next + " arrays; the model has " + layout.tensors().size());
            }
            return flat;
        }
    }
}
