package dev.sotto.cli;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Counterpart;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.Outcome;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.desk.RefusedOfferException;
import dev.sotto.owner.request.Request;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Optional;

/** A data owner's folder with requests in it, as a node writes them when a coordinator offers sessions. */
final class AskedOwner {
    static final String DATA = """
            data-set: scans-2026
            data: {source: generated, features: 8, train: 5000}
            policy:
              require: example
              total: {epsilon: 8, delta: 1e-6}
            """;
    static final String TERMS = """
            name: readmission
            contract: {features: [8], classes: 2}
            model: {name: small, layers: [{linear: 16}, tanh, {linear: 2}]}
            rounds: 10
            client: {batch-size: 250, optimizer: {name: sgd, learning-rate: 0.5}}
            privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}
            """;
    private static final KeyPair KEY = SigningKey.generate();

    private final Path folder;
    private final Path file;

    /** In a folder: {@code node.yaml}, and what a node keeps in {@code node}. */
    AskedOwner(Path folder) {
        this.folder = folder;
        this.file = TinyExperiment.write(folder.resolve("node.yaml"), DATA);
    }

    Path home() {
        return folder.resolve("node");
    }

    Path file() {
        return file;
    }

    /** What a coordinator asks for in such terms becomes a request that waits for the owner. */
    Request asks(String session, String terms) {
        try (Owner owner = Owner.open(home())) {
            OfferDesk desk = new OfferDesk(
                    OwnedExamples.load(OwnerFile.read(file)),
                    new Counterpart("hospital-3", "network-1", "ab".repeat(32), KEY.getPublic()),
                    owner,
                    Optional.empty(),
                    Randomness.secret());
            desk.declare();
            SessionDraft draft =
                    SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), terms), DataContext.ofSystem(), 3);
            byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), KEY);
            Path offered = Files.write(folder.resolve(session + ".sotto"), bytes);
            Outcome outcome =
                    desk.accept(session, offered, SessionPackage.open(bytes).digest(), 3);
            return ((Outcome.Waiting) outcome).request();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RefusedOfferException e) {
            throw new AssertionError(e);
        }
    }
}
