package dev.sotto.folders.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.request.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The owner's own folders of a project")
class MirrorTest {
    private static final Email AGGREGATOR = Email.of("agg@a.org");
    private static final AskedProject ASKED =
            AskedProject.of("toy.1", "toy", AGGREGATOR, "ab".repeat(32), 3, "cd".repeat(32), 10);

    @TempDir
    private Path folder;

    private Mirror mirror;
    private Path own;
    private Path pack;

    @BeforeEach
    void make() throws IOException {
        Datasite datasite = Datasite.init(folder, Email.of("ann@b.org"), Optional.empty(), Datasite.APP_DATA);
        own = datasite.privateTree().resolve("fl_client");
        mirror = new Mirror(datasite);
        pack = Files.writeString(folder.resolve("pack"), "package");
    }

    private Request request(String id) {
        return new Request(
                id,
                new SessionKey("agg@a.org", "toy.1"),
                "ab".repeat(32),
                "ann",
                "rows",
                "cd".repeat(32),
                pack,
                3,
                Instant.EPOCH);
    }

    private void move(String name) throws IOException {
        Files.move(own.resolve("request").resolve(name), own.resolve("running").resolve(name));
    }

    @Test
    void approvesTheRequestWhoseFolderWasMoved() throws IOException {
        Request asked = request("0123456789abcdef");
        mirror.show(ASKED, asked, pack);
        assertThat(mirror.approved(ASKED, asked)).isFalse();
        move("toy");
        assertThat(mirror.approved(ASKED, asked)).isTrue();
    }

    @Test
    @DisplayName("never hold another request under the name that the owner has read")
    void keepRequestsApart() throws IOException {
        Request read = request("0123456789abcdef");
        Request changed = request("fedcba9876543210");
        mirror.show(ASKED, read, pack);
        mirror.show(ASKED, changed, pack);
        move("toy");
        assertThat(mirror.approved(ASKED, changed)).isFalse();
        assertThat(mirror.outdated(ASKED, changed)).contains(read.id());
        assertThat(mirror.waiting(ASKED, changed)).isEqualTo(own.resolve("request/toy~fedcba98"));
        move("toy~fedcba98");
        assertThat(mirror.approved(ASKED, changed)).isTrue();
    }

    @Test
    @DisplayName("are put back where a decision holds no more, and only the owner's move after that approves")
    void waitAgain() throws IOException {
        Request asked = request("0123456789abcdef");
        mirror.show(ASKED, asked, pack);
        mirror.takesPart(ASKED, asked);
        assertThat(mirror.approvedSince(ASKED, asked, 1)).isFalse();
        assertThat(mirror.putBack(ASKED, asked, 1)).isTrue();
        assertThat(own.resolve("running")).isEmptyDirectory();
        mirror.takesPart(ASKED, asked);
        assertThat(mirror.approvedSince(ASKED, asked, 1)).isFalse();
        assertThat(mirror.putBack(ASKED, asked, 1)).isTrue();
        move("toy");
        assertThat(mirror.putBack(ASKED, asked, 1)).isFalse();
        assertThat(mirror.approvedSince(ASKED, asked, 1)).isTrue();
        assertThat(mirror.putBack(ASKED, asked, 2)).isTrue();
    }

    @Test
    void lieInDoneInTheEndWithWhatCameOfIt() throws IOException {
        Request read = request("0123456789abcdef");
        Request changed = request("fedcba9876543210");
        mirror.show(ASKED, read, pack);
        mirror.show(ASKED, changed, pack);
        mirror.takesPart(ASKED, changed);
        assertThat(own.resolve("running/toy~fedcba98/request-id")).exists();
        Path model = Files.writeString(mirror.done(ASKED).resolve("model.safetensors"), "model");
        mirror.over(ASKED);
        assertThat(own.resolve("request")).isEmptyDirectory();
        assertThat(own.resolve("running")).isEmptyDirectory();
        assertThat(model).hasContent("model");
        assertThat(model.resolveSibling("request-id")).hasContent(read.id() + "\n");
        assertThat(own.resolve("done/toy~fedcba98/request-id")).hasContent(changed.id() + "\n");
    }
}
