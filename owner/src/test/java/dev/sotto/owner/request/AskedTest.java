package dev.sotto.owner.request;

import static dev.sotto.owner.request.AskedExamples.KEY;
import static dev.sotto.owner.request.AskedExamples.PRIVATE;
import static dev.sotto.owner.request.AskedExamples.TERMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Counterpart;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.Outcome;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.ledger.OwnerDatabase;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.random.Randomness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalDouble;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is asked, worked out without the data,")
class AskedTest {
    private static final String OFFERED = TERMS.replace("[home, readmitted]", "2") + PRIVATE;
    private static final String NODE = """
            data-set: scans
            data: {source: generated, features: 8, train: 300}
            policy: {session-epsilon: 5, total: {epsilon: 20, delta: 1e-6}}
            """;

    @TempDir
    private Path folder;

    private Owner owner;

    @BeforeEach
    void open() {
        owner = Owner.open(folder.resolve("home"));
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private OfferDesk desk(Optional<ClientSettings> settings) throws Exception {
        Path file = Files.writeString(folder.resolve("node.yaml"), NODE);
        OfferDesk desk = new OfferDesk(
                OwnedExamples.load(OwnerFile.read(file)),
                new Counterpart("hospital", "network-1", "ab".repeat(32), KEY.getPublic()),
                owner,
                settings,
                Randomness.secret());
        desk.declare();
        return desk;
    }

    private Request asks(OfferDesk desk, String terms) throws Exception {
        SessionDraft draft =
                SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), terms), DataContext.ofSystem(), 2);
        byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), KEY);
        Path offered = Files.write(folder.resolve("offered.sotto"), bytes);
        return ((Outcome.Waiting)
                        desk.accept("s-1", offered, SessionPackage.open(bytes).digest(), 2))
                .request();
    }

    private static Optional<ClientSettings> settings(String yaml) {
        return yaml.isEmpty()
                ? Optional.empty()
                : Optional.of(ClientSettings.read(
                        "client_settings.yaml",
                        ExperimentFile.parse("client_settings.yaml", Path.of(""), yaml)
                                .tree()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "epochs: 2",
                "{epochs: 2, batch_size: 10, optimizer: {name: adam, lr: 0.01}}",
                "{epsilon: 1.5, delta: 1e-5, max_grad_norm: 2, hardlimit: 'False', accountant: prv, global_rounds: 4}",
            })
    void isWhatTheDeskWouldAgreeTo(String yaml) throws Exception {
        OfferDesk desk = desk(settings(yaml));
        Request request = asks(desk, OFFERED + "evaluation: {validation-fraction: 0.1}\n");
        Asked asked = Asked.of(owner, request);
        AgreedTerms agreed = desk.review(request).agreed().orElseThrow();
        assertThat(asked.agreed().planned()).isEqualTo(agreed.planned());
        assertThat(asked.agreed().most()).isEqualTo(agreed.most());
        assertThat(asked.agreed().training()).isEqualTo(agreed.training());
        assertThat(asked.agreed().settings()).isEqualTo(agreed.settings());
        assertThat(asked.agreed().budget()).isEqualTo(agreed.budget());
        assertThat(asked.agreed().cap()).isEqualTo(agreed.cap());
        assertThat(asked.exampleEpsilon()).isEqualTo(agreed.epsilon(270));
        assertThat(asked.examples()).isEqualTo(270);
        assertThat(asked.heldOut()).isEqualTo(30);
    }

    @Test
    void isRefusedOnceThePackageWasChangedOnDisk() throws Exception {
        Request request = asks(desk(Optional.empty()), OFFERED);
        byte[] bytes = Files.readAllBytes(request.file());
        bytes[bytes.length - 40] ^= 1;
        Files.write(request.file(), bytes);
        assertThatThrownBy(() -> Asked.of(owner, request))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("request " + request.shortId() + ": its package");
    }

    private void summarized(int version) {
        try (OwnerDatabase other = OwnerDatabase.open(folder.resolve("home/ledger.db"))) {
            other.transact(handle -> handle.execute(
                    "UPDATE request_summaries SET project = 'stale', epsilon = 99, version = ?", version));
        }
    }

    @Test
    void isSummedUpOnceAndAnewAfterAnUpgrade() throws Exception {
        Request request = asks(desk(Optional.empty()), OFFERED);
        RequestSummary own = RequestSummary.of(owner, request);
        assertThat(own.project()).isEqualTo("readmission");
        assertThat(own.epsilon()).isEqualTo(Asked.of(owner, request).exampleEpsilon());
        for (int other : new int[] {0, RequestSummary.VERSION - 1, RequestSummary.VERSION + 1}) {
            summarized(other);
            assertThat(RequestSummary.of(owner, request)).isEqualTo(own);
            assertThat(owner.requests().summary(request)).as("and kept").contains(own);
        }
        summarized(RequestSummary.VERSION);
        assertThat(RequestSummary.of(owner, request).project())
                .as("no package is read")
                .isEqualTo("stale");
        summarized(RequestSummary.VERSION - 1);
        Files.delete(request.file());
        assertThatThrownBy(() -> RequestSummary.of(owner, request)).isInstanceOf(RequestException.class);
    }

    @Test
    void isSummedUpAnewAfterAVersionThatNumberedNoSummaries() throws Exception {
        Path home = Files.createDirectories(folder.resolve("before"));
        String ledger = "jdbc:sqlite:" + home.resolve("ledger.db");
        Flyway.configure(Owner.class.getClassLoader())
                .dataSource(ledger, "", "")
                .locations("classpath:dev/sotto/owner/ledger")
                .target("4")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(ledger);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO requests VALUES (1, 'ab12', '2026-01-01T00:00:00Z', 'network-1', 's-1', 'ab',"
                            + " 'hospital', 'scans', x'00', '00', 2)");
            statement.execute("INSERT INTO request_summaries VALUES ('ab12', 'stale', 1, 99.0)");
        }
        try (Owner upgraded = Owner.open(home)) {
            Request request = upgraded.requests().find("ab12");
            assertThat(upgraded.requests().summary(request)).isEmpty();
            RequestSummary summary = new RequestSummary("readmission", 3, OptionalDouble.empty());
            upgraded.requests().summarize(request, summary);
            assertThat(upgraded.requests().summary(request)).contains(summary);
        }
    }

    @Test
    void isNotKnownOfARequestThatNobodyHasWorkedOut() throws Exception {
        Request request = asks(desk(Optional.empty()), OFFERED);
        Request other = new Request(
                "0".repeat(16),
                request.key(),
                request.authority(),
                request.client(),
                request.dataSet(),
                request.packageDigest(),
                request.file(),
                request.clients(),
                request.arrived());
        assertThatThrownBy(() -> Asked.of(owner, other)).isInstanceOf(RequestException.class);
    }
}
