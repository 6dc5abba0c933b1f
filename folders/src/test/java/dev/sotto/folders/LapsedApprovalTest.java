package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.owner.request.Decided;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An approval over folders that holds no more")
class LapsedApprovalTest {
    private static final String ANN = FolderFederationTest.OWNERS[0];

    @TempDir
    private Path folder;

    private final Party.All all = new Party.All();
    private Party ann;

    @AfterEach
    void close() {
        all.close();
    }

    /** A project that goes on gathering, as nobody answers for the second owner. */
    private Request asked(String policy) throws IOException {
        DatasiteSettings how = DatasiteSettings.usual().trustingSyncedTree();
        Party aggregator = all.add(Party.aggregator(folder, how)).start();
        ann = all.add(Party.owner(folder, ANN, 0, policy, how)).start();
        aggregator.drop(
                "toy",
                FolderFederationTest.TERMS + FolderFederationTest.PRIVATE,
                2,
                "PT10M",
                "PT60S",
                ANN,
                FolderFederationTest.OWNERS[1]);
        return ann.request("toy");
    }

    private Path own(String state) {
        return ann.datasite().privateTree().resolve("fl_client").resolve(state).resolve("toy");
    }

    private Decision decision(Request request) {
        return ann.service().owner().requests().decision(request);
    }

    private void takesPart(Request request) {
        Party.until(() -> Files.exists(own("running").resolve("request-id"))
                && Files.exists(ann.synced("fl_client", "running", "toy"))
                && decision(request) instanceof Decision.Approved);
    }

    private void setToAsk() throws IOException {
        ann.stop();
        Files.writeString(ann.datasite().data().resolve("node.yaml"), Party.node(0, "approval: ask"));
        ann.start();
    }

    /** Many polls long. */
    private void staysUndecided(Request request, int decisions) throws Exception {
        for (int i = 0; i < 100; i++) {
            Thread.sleep(20);
            assertThat(ann.service().owner().requests().history()).hasSize(decisions);
        }
        assertThat(decision(request)).isInstanceOf(Decision.Pending.class);
        Party.until(() -> Files.exists(own("request").resolve("put-back")));
        assertThat(own("request").resolve("request-id")).hasContent(request.id() + "\n");
        assertThat(own("running")).doesNotExist();
    }

    @Test
    @DisplayName("of the policy is not made the owner's by where the software put the folder; moving it anew is")
    void waitsUntilTheOwnerMovesIt() throws Exception {
        Request request = asked(FolderFederationTest.AUTOMATIC);
        takesPart(request);
        setToAsk();
        staysUndecided(request, 1);
        ann.approveByMoving("toy");
        assertThat(ann.service().owner().requests().history())
                .extracting(Decided::automatic)
                .containsExactly(true, false);
        takesPart(request);
    }

    @Test
    void isRenewedByAMoveWhileNothingRan() throws Exception {
        Request request = asked(FolderFederationTest.AUTOMATIC);
        takesPart(request);
        setToAsk();
        staysUndecided(request, 1);
        ann.stop();
        Files.move(own("request"), own("running"));
        ann.start();
        Party.until(() -> decision(request).inPerson());
    }

    @Test
    @DisplayName("is not signed anew by a key that the owner did not approve it with")
    void waitsWhereAnotherKeySignedIt() throws Exception {
        Request request = asked("approval: ask");
        ann.approveByMoving("toy");
        takesPart(request);
        ann.stop();
        Files.delete(ann.datasite().home().resolve("owner-key"));
        ann.start();
        staysUndecided(request, 1);
        ann.approveByMoving("toy");
    }
}
