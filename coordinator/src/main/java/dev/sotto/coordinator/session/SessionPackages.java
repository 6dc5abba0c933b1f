package dev.sotto.coordinator.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.coordinator.store.BlobStore;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.Model.Origin;
import dev.sotto.coordinator.store.Models;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.formats.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The packages of a coordinator. Every one that clients are offered bears the coordinator's own signature, which they pin when
 * they enrol: one that an operator uploads is checked and signed anew. Thread-safe.
 */
public final class SessionPackages {
    private final BlobStore blobs;
    private final Models models;
    private final KeyPair key;
    private final long most;
    private final long mostModel;

    /**
     * Packages among that database's blobs, signed with that Ed25519 key.
     *
     * @param most bytes of a package that is taken in
     * @param mostModel bytes of the model of one, and of models that are brought
     */
    public SessionPackages(Database database, KeyPair key, long most, long mostModel) {
        this.blobs = database.blobs();
        this.models = database.models();
        this.key = key;
        this.most = most;
        this.mostModel = mostModel;
    }

    /** A larger package is refused. */
    public long most() {
        return most;
    }

    /** A larger model is refused. */
    public long mostModel() {
        return mostModel;
    }

    /**
     * A package ready for a session.
     *
     * @param digest SHA-256 of its bytes
     * @param name what its terms call it
     * @param minClients updates that a round needs, and so clients that the session needs; at least 1
     * @param parameters of its model
     * @param initial SHA-256 of the model that it begins with
     */
    public record Prepared(byte[] digest, String name, int rounds, int minClients, int parameters, byte[] initial) {}

    /**
     * Takes a package in.
     *
     * @param actor who brings it, for the audit log
     * @throws IOException if it is not a valid package, in one line
     */
    public Prepared take(InputStream bytes, String actor) throws IOException {
        SessionPackage read = SessionPackage.open("package", bytes, limits());
        requireModel(read);
        // Deterministic: one that is signed here already comes out as it went in.
        return prepared(signed(read, read.terms(), read.seed()), read, read.terms(), initial(read.seed(), actor));
    }

    private Limits limits() {
        Limits standard = Limits.standard();
        return new Limits(Math.max(most, standard.bytes()), standard.tensors());
    }

    private void requireModel(SessionPackage read) {
        long bytes = (long) Float.BYTES * read.model().layout().size();
        if (bytes > mostModel) {
            throw new IllegalArgumentException("the package's model has " + bytes + " bytes; at most " + mostModel
                    + " are accepted here (limits.model-megabytes in coordinator.yaml)");
        }
    }

    private byte[] initial(float[] parameters, String actor) {
        return models.add(parameters, Origin.SEED, actor).sha256();
    }

    private byte[] signed(SessionPackage read, ObjectNode terms, float[] seed) throws IOException {
        return blobs.put(SessionPackage.create(new SessionDraft(terms, read.contract(), read.model()), seed, key));
    }

    private static Prepared prepared(byte[] digest, SessionPackage read, ObjectNode terms, byte[] initial) {
        return new Prepared(
                digest,
                terms.path("name").asText("session"),
                terms.path("rounds").asInt(10),
                Math.max(1, terms.path("cohort").path("min-clients").asInt(1)),
                read.model().layout().size(),
                initial);
    }

    /**
     * A package as an operator wants it for one session. What clients agree to is what they derive their noise from, so other
     * numbers make another package.
     *
     * @param name what people are to call it; empty for as it says
     * @param rounds 0 for as many as it says
     * @param minClients 0 for as many as it says
     * @param fromModel SHA-256 of the model to begin with; empty for the package's own
     * @param actor who asks for it, for the audit log
     * @throws IllegalArgumentException with one line, if there is no such package or model, or they do not fit
     */
    public Prepared prepare(
            byte[] digest,
            Optional<String> name,
            int rounds,
            int minClients,
            Optional<byte[]> fromModel,
            String actor) {
        SessionPackage read = open(digest);
        requireModel(read); // the limit may have been lowered since it came
        ObjectNode terms = read.terms();
        name.ifPresent(given -> terms.put("name", given));
        if (rounds > 0) {
            terms.put("rounds", rounds);
        }
        if (minClients > 0) {
            ObjectNode cohort = terms.get("cohort") instanceof ObjectNode given ? given : terms.putObject("cohort");
            cohort.put("min-clients", minClients);
        }
        try {
            float[] seed = fromModel.map(model -> model(model, read)).orElseGet(read::seed);
            boolean same = terms.equals(read.terms()) && fromModel.isEmpty();
            return prepared(
                    same ? digest : signed(read, terms, seed),
                    read,
                    terms,
                    fromModel.orElseGet(() -> initial(seed, actor)));
        } catch (IOException e) {
            throw new UncheckedIOException("the package cannot be kept: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a package that was taken in.
     *
     * @throws IllegalArgumentException with one line, if there is none of that digest
     */
    public SessionPackage open(byte[] digest) {
        if (digest.length != 32 || !blobs.has(digest)) {
            throw new IllegalArgumentException(
                    "there is no package " + HexFormat.of().formatHex(digest) + " here; upload it first");
        }
        try (InputStream in = blobs.open(digest, 0)) {
            return SessionPackage.open("package " + HexFormat.of().formatHex(digest, 0, 6), in, limits())
                    .verify(key.getPublic());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** How many bytes a package has. */
    public long bytes(byte[] digest) {
        try {
            return blobs.size(digest);
        } catch (IOException e) {
            throw new UncheckedIOException("the package cannot be read: " + e.getMessage(), e);
        }
    }

    private float[] model(byte[] digest, SessionPackage read) {
        if (models.find(digest).isEmpty()) {
            throw new IllegalArgumentException("there is no model "
                    + HexFormat.of().formatHex(digest) + " here; 'sotto model list' names them all");
        }
        float[] parameters = models.parameters(digest);
        int expected = read.model().layout().size();
        if (parameters.length != expected) {
            throw new IllegalArgumentException("model " + HexFormat.of().formatHex(digest, 0, 6) + " has "
                    + parameters.length + " parameters, but the package's model has " + expected);
        }
        return parameters;
    }
}
