package dev.sotto.coordinator.operator;

import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.Model;
import dev.sotto.coordinator.store.Model.Origin;
import dev.sotto.coordinator.store.Session;
import dev.sotto.experiment.run.Provenance;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.Limits;
import dev.sotto.formats.Npz;
import dev.sotto.formats.SafeTensors;
import dev.sotto.formats.Tensor;
import dev.sotto.learning.Engine;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models as files: those that are kept, written for whoever asks; and those that are brought, read and kept. */
final class ModelFiles {
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private final Database database;
    private final SessionPackages packages;

    ModelFiles(Database database, SessionPackages packages) {
        this.database = database;
        this.packages = packages;
    }

    /** A kind of file. */
    enum Format {
        SAFETENSORS(RunDirectory.SAFETENSORS),
        NPZ(RunDirectory.NPZ);

        private final String file;

        Format(String file) {
            this.file = file;
        }

        static Format of(String word) {
            return switch (word) {
                case "", "safetensors" -> SAFETENSORS;
                case "npz" -> NPZ;
                default ->
                    throw new IllegalArgumentException("format is '" + word + "'; it must be safetensors or npz");
            };
        }
    }

    Model require(byte[] digest) {
        return database.models()
                .find(digest)
                .orElseThrow(() -> new IllegalArgumentException("there is no model "
                        + HexFormat.of().formatHex(digest) + "; 'sotto model list' names them all"));
    }

    /** Writes a model into a folder and says where. */
    Path write(byte[] digest, Format format, Path folder) throws IOException {
        Model model = require(digest);
        float[] parameters = database.models().parameters(digest);
        Optional<Session> session = session(model);
        Path file = folder.resolve(format.file);
        if (session.isEmpty()) {
            // Nothing here says how its parameters are laid out.
            List<Tensor> flat = List.of(new Tensor("0", List.of(parameters.length), parameters));
            if (format == Format.NPZ) {
                Npz.write(file, flat);
            } else {
                SafeTensors.write(file, flat, Map.of());
            }
            return file;
        }
        ModelSpec spec = packages.open(session.get().packageDigest()).model();
        RunDirectory.replace(folder)
                .writeModel(
                        spec,
                        parameters,
                        Provenance.of(Engine.named("jvm"), session.get().seed()));
        return file;
    }

    /** A session that knows how the model is laid out: that of its round, or one that begins with it. */
    private Optional<Session> session(Model model) {
        if (model.session().isPresent()) {
            return database.sessions().find(model.session().get());
        }
        return database.sessions().list().stream()
                .filter(session -> Arrays.equals(first(session), model.sha256()))
                .findFirst();
    }

    private byte[] first(Session session) {
        List<Model> line = database.models().lineage(session.model());
        return line.isEmpty() ? session.model() : line.get(line.size() - 1).sha256();
    }

    /**
     * Keeps the model of a file: the values of its arrays, one after the other.
     *
     * @throws FormatException in one line, if it is no model
     */
    Model take(Path file, String actor) throws IOException {
        Limits limits = new Limits(packages.mostModel(), Limits.standard().tensors());
        List<Tensor> tensors = zip(file)
                ? Npz.read(file, limits)
                : SafeTensors.read(file, limits).tensors();
        long size = tensors.stream().mapToLong(tensor -> tensor.data().length).sum();
        if (size == 0 || size > Integer.MAX_VALUE - 8) {
            throw new FormatException("model", "tensors", size + " values are no model");
        }
        float[] parameters = new float[(int) size];
        int at = 0;
        for (Tensor tensor : tensors) {
            for (float value : tensor.data()) {
                if (!Float.isFinite(value)) {
                    throw new FormatException("model", tensor.name(), "a value is not finite");
                }
            }
            System.arraycopy(tensor.data(), 0, parameters, at, tensor.data().length);
            at += tensor.data().length;
        }
        return database.models().add(parameters, Origin.IMPORT, actor);
    }

    private static boolean zip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ZIP.length), ZIP);
        }
    }
}
