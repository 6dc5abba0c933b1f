package dev.sotto.owner.request;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;

/** Sessions that ask an owner of 300 records, as real packages and a real ledger have them. */
public final class AskedExamples {
    static final KeyPair KEY = SigningKey.generate();
    static final SessionKey SESSION = new SessionKey("network-1", "s-17");
    static final int EXAMPLES = 300;
    static final String TERMS = """
            name: readmission
            contract: {features: [8], classes: [home, readmitted]}
            model: logistic
            rounds: 3
            client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
            """;
    static final String PRIVATE = "privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}\n";

    private AskedExamples() {}

    /** A package of such terms. */
    public static SessionPackage packaged(String terms, int clients) {
        try {
            SessionDraft draft = SessionDraft.of(
                    ExperimentFile.parse("toy.yaml", Path.of(""), terms), DataContext.ofSystem(), clients);
            return SessionPackage.open(SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), KEY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Asked asked(Owner owner, String terms, int clients) {
        SessionPackage offered = packaged(terms, clients);
        SessionTerms read = offered.terms(clients);
        AgreedTerms agreed = AgreedTerms.of(
                SESSION,
                "hospital",
                "scans",
                "ab12",
                clients,
                read.plan(),
                read.strategy().method(),
                EXAMPLES);
        return new Asked(
                offered,
                read,
                agreed,
                EXAMPLES,
                (int) (read.validationFraction() * EXAMPLES),
                owner.ledger().foresee(SESSION, "scans", agreed.planned(), agreed.most()));
    }
}
