package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.SealingKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An aggregator that copies the id of another's session")
class CopiedSessionTest {
    private static final String SESSION = "toy.0123456789abcdef";

    @TempDir
    private Path folder;

    private Datasite ann;

    @BeforeEach
    void prepare() {
        ann = Datasite.init(folder.resolve("ann"), Email.of("ann@a.org"), Optional.empty(), Datasite.APP_DATA);
    }

    @Test
    void endsNoLettersToTheOther() throws Exception {
        PostOffice post = new PostOffice(ann);
        KeyCard one = KeyCard.of("one@a.org", Datasite.APP_DATA, SealingKeys.generate());
        KeyCard two = KeyCard.of("two@a.org", Datasite.APP_DATA, SealingKeys.generate());
        Path first = posted(post, one);
        Path second = posted(post, two);
        post.forget(SESSION + " two@a.org", name -> true);
        Files.delete(first);
        Files.delete(second);
        post.guard();
        assertThat(first).exists();
        assertThat(second).doesNotExist();
        post.forget(SESSION, name -> true);
        Files.delete(first);
        post.guard();
        assertThat(first).doesNotExist();
    }

    private Path posted(PostOffice post, KeyCard reader) throws IOException {
        GuardedFolder place = ann.of(reader, "box");
        post.post(reader, SESSION, "answer", 0, new byte[1], "answer.sealed", place);
        return place.file("answer.sealed");
    }

    @Test
    void hidesNotHowTheOtherStands() {
        StatusBoard board = new StatusBoard(ann);
        board.show(status("one@a.org", State.RUNNING));
        board.show(status("two@a.org", State.FAILED));
        assertThat(ProjectStatus.all(ann))
                .extracting(ProjectStatus::state)
                .containsExactly(State.RUNNING, State.FAILED);
    }

    private static ProjectStatus status(String aggregator, State state) {
        return new ProjectStatus(
                Role.OWNER,
                "toy",
                SESSION,
                aggregator,
                state,
                Optional.empty(),
                0,
                3,
                OptionalDouble.empty(),
                List.of(),
                List.of());
    }
}
