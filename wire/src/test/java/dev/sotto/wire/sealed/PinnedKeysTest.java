package dev.sotto.wire.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Pinned keys")
class PinnedKeysTest {
    @TempDir
    private Path folder;

    private static KeyCard card(String name) {
        return KeyCard.of(name, "app_data", SealingKeys.generate());
    }

    @Test
    void areKeptWhenTheyAreMetAndNotWhenTheyAreLookedAt() throws IOException {
        PinnedKeys pins = new PinnedKeys(folder);
        KeyCard shown = card("ann@a.org");
        assertThat(pins.check("ann@a.org", shown).sameAs(shown)).isTrue();
        assertThat(pins.of("ann@a.org")).isEmpty();
        pins.meet("ann@a.org", shown);
        assertThat(pins.of("ann@a.org").orElseThrow().sameAs(shown)).isTrue();
        assertThatThrownBy(() -> pins.check("ann@a.org", card("ann@a.org")))
                .hasMessageContaining("it alone is trusted");
        assertThatThrownBy(() -> pins.check("bob@b.org", shown)).hasMessageContaining("is that of ann@a.org");
    }

    @Test
    void areNotKeptByTheMillion() throws IOException {
        PinnedKeys pins = new PinnedKeys(folder);
        for (int i = 0; i < PinnedKeys.MOST; i++) {
            Files.createFile(folder.resolve("s" + i + "@x.org.card"));
        }
        assertThatThrownBy(() -> pins.meet("ann@a.org", card("ann@a.org")))
                .isInstanceOf(UnfitFileException.class)
                .hasMessage(
                        "the key card of ann@a.org is not kept: there are 10000 already; say which fingerprint it must"
                                + " have, with 'sotto datasite trust ann@a.org FINGERPRINT'");
        KeyCard bobs = card("bob@b.org");
        pins.expect("bob@b.org", bobs.fingerprint());
        assertThat(pins.meet("bob@b.org", bobs).sameAs(bobs)).isTrue();
    }
}
