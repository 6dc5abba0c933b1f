package dev.sotto.folders.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.wire.sealed.GuardedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A quarantine")
class QuarantineTest {
    @TempDir
    private Path folder;

    private Path synced;
    private Quarantine quarantine;

    @BeforeEach
    void prepare() throws IOException {
        synced = Files.createDirectories(folder.resolve("synced"));
        quarantine = new Quarantine(folder.resolve("quarantine"));
    }

    @Test
    void takesNothingFromWhereALinkLeads() throws Exception {
        Path own = Files.createDirectories(folder.resolve("private"));
        Files.writeString(own.resolve("ledger.db"), "spent");
        // As if the folder had been exchanged for a link after it was looked at.
        Files.createSymbolicLink(synced.resolve("request"), own);
        quarantine.take(GuardedFolder.root(synced).below("request"), "ledger.db", "it is in the place of a folder");
        assertThat(own.resolve("ledger.db")).content().isEqualTo("spent");
        assertThat(quarantine.lines()).singleElement().satisfies(line -> assertThat(line.kept())
                .isEmpty());
    }

    @Test
    void clearsTheWayAlsoWhenItIsFull() throws Exception {
        GuardedFolder from = GuardedFolder.root(synced);
        for (int i = 0; i <= 500; i++) {
            Files.writeString(synced.resolve("x"), "" + i);
            quarantine.take(from, "x", "it is no message");
            assertThat(synced.resolve("x")).as("file %d", i).doesNotExist();
        }
        try (var kept = Files.list(folder.resolve("quarantine"))) {
            assertThat(kept.count()).isEqualTo(501); // with the lines
        }
        assertThat(synced)
                .isDirectoryContaining(each -> each.getFileName().toString().startsWith(".refused-"));
    }

    @Test
    void replacesNothingThatItKeeps() throws Exception {
        GuardedFolder from = GuardedFolder.root(synced);
        for (String content : new String[] {"one", "two"}) {
            Files.writeString(synced.resolve("x"), content);
            quarantine.take(from, "x", "it is no message");
        }
        Files.delete(folder.resolve("quarantine").resolve("0001-x"));
        Files.writeString(synced.resolve("x"), "three");
        new Quarantine(folder.resolve("quarantine")).take(from, "x", "it is no message");
        assertThat(folder.resolve("quarantine").resolve("0002-x")).content().isEqualTo("two");
        assertThat(synced.resolve("x")).doesNotExist();
    }

    @Test
    void alwaysLeavesALineHoweverManyThereWere() throws Exception {
        Path place = synced.resolve("x");
        quarantine = new Quarantine(folder.resolve("quarantine"), 100);
        for (int i = 0; i < 350; i++) {
            quarantine.note(place, "attempt " + i);
        }
        assertThat(quarantine.lines()).first().returns("attempt 0", Quarantine.Line::why);
        assertThat(quarantine.lines()).last().returns("attempt 349", Quarantine.Line::why);
        assertThat(quarantine.lines()).hasSize(250);
        quarantine = new Quarantine(folder.resolve("quarantine"), 100);
        quarantine.note(place, "one more");
        assertThat(quarantine.lines()).last().returns("one more", Quarantine.Line::why);
        Files.writeString(place, "junk");
        quarantine.take(GuardedFolder.root(synced), "x", "it is no message");
        assertThat(quarantine.lines()).last().returns("0001-x", Quarantine.Line::kept);
    }
}
