package dev.sotto.experiment.packaging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.DataContract;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.run.WholeFile;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.Limits;
import dev.sotto.learning.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;

/**
 * A session as an operator sends it to data owners: a ZIP archive of {@code manifest.json}, {@code signature},
 * {@code terms.yaml}, {@code contract.json} and {@code seed.npz}, and nothing else. It contains no code. The same draft,
 * parameters and key give the same bytes. What exists as an object has passed every check but one: whose signature it is,
 * see {@link #verify}. Not changed after it was read.
 */
public final class SessionPackage {
    static final String TERMS = "terms.yaml";
    static final String CONTRACT = "contract.json";
    static final String SEED = "seed.npz";

    private final String file;
    private final byte[] digest;
    private final PublicKey signer;
    private final ObjectNode terms;
    private final DataContract contract;
    private final ModelSpec model;
    private final float[] seed;

    SessionPackage(
            String file,
            byte[] digest,
            PublicKey signer,
            ObjectNode terms,
            DataContract contract,
            ModelSpec model,
            float[] seed) {
        this.file = file;
        this.digest = digest;
        this.signer = signer;
        this.terms = terms;
        this.contract = contract;
        this.model = model;
        this.seed = seed;
    }

    /**
     * Writes a package.
     *
     * @param seed initial parameters in the layout of the draft's model
     * @param key Ed25519
     */
    public static void write(OutputStream out, SessionDraft draft, float[] seed, KeyPair key) throws IOException {
        new PackageWriter(draft, seed).write(out, key);
    }

    /** The same into a file, whole or not at all. */
    public static void write(Path file, SessionDraft draft, float[] seed, KeyPair key) throws IOException {
        WholeFile.write(file, out -> write(out, draft, seed, key));
    }

    /** The same into memory. */
    public static byte[] create(SessionDraft draft, float[] seed, KeyPair key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(bytes, draft, seed, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Opens with {@link Limits#standard()}. */
    public static SessionPackage open(Path file) throws IOException {
        return open(file, Limits.standard());
    }

    /**
     * Opens a package: its form, digests, signature, terms, contract and parameters are checked.
     *
     * @param limits of the initial parameters
     * @throws FormatException in one line, naming the entry and what is wrong
     */
    public static SessionPackage open(Path file, Limits limits) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(file.toString(), "package", "there is no such file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return open(file.toString(), in, limits);
        }
    }

    /** The same from memory, with {@link Limits#standard()}. */
    public static SessionPackage open(byte[] bytes) throws IOException {
        return open("package", new ByteArrayInputStream(bytes), Limits.standard());
    }

    /**
     * The same from a stream, read once and left open.
     *
     * @param name for messages
     */
    public static SessionPackage open(String name, InputStream in, Limits limits) throws IOException {
        return new PackageReader(name, limits).read(in);
    }

    /**
     * Refuses a package that somebody else has signed.
     *
     * @throws FormatException in one line with both fingerprints
     */
    public SessionPackage verify(PublicKey expected) throws FormatException {
        if (!signer.equals(expected)) {
            throw new FormatException(
                    file,
                    Seal.NAME,
                    "signed with the key " + SigningKey.fingerprint(signer) + "; the key that is trusted is "
                            + SigningKey.fingerprint(expected));
        }
        return this;
    }

    /** SHA-256 of the whole package. */
    public byte[] digest() {
        return digest.clone();
    }

    /** Whose signature it bears. */
    public PublicKey signer() {
        return signer;
    }

    /** The terms as they were signed. */
    public ObjectNode terms() {
        return terms.deepCopy();
    }

    /** The terms worked out for a number of clients; a {@code ConfigException} if they do not fit that many. */
    public SessionTerms terms(int clients) {
        return SessionTerms.read(file + ": " + TERMS, terms, contract, clients);
    }

    /** What is asked of everybody's data. */
    public DataContract contract() {
        return contract;
    }

    /** What is trained. */
    public ModelSpec model() {
        return model;
    }

    /** A copy of the initial parameters, flat, in the layout of the model; all finite. */
    public float[] seed() {
        return seed.clone();
    }
}
