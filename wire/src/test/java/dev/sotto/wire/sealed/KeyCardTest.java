package dev.sotto.wire.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A key card")
class KeyCardTest {
    @TempDir
    private Path folder;

    private static KeyCard card(String name) {
        return KeyCard.of(name, "app_data", SealingKeys.generate());
    }

    @Test
    void isReadAsItWasWrittenAndRefusedIfAByteIsAnother() throws Exception {
        KeyCard card = card("ann@a.org");
        assertThat(KeyCard.parse(card.bytes()).sameAs(card)).isTrue();
        byte[] bytes = card.bytes();
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> KeyCard.parse(changed)).isInstanceOf(UnfitFileException.class);
        }
    }

    @Test
    void isKeptFromTheFirstTimeOnAndNoOtherIsTrusted() throws Exception {
        PinnedKeys pins = new PinnedKeys(folder);
        KeyCard first = card("ann@a.org");
        pins.meet("ann@a.org", first);
        assertThatThrownBy(() -> pins.meet("ann@a.org", card("ann@a.org")))
                .hasMessageContaining(first.fingerprint())
                .hasMessageContaining("it alone is trusted");
        PinnedKeys later = new PinnedKeys(folder);
        assertThat(later.of("ann@a.org").orElseThrow().sameAs(first)).isTrue();
        assertThat(later.meet("ann@a.org", KeyCard.parse(first.bytes())).sameAs(first))
                .isTrue();
    }

    @Test
    void mustHaveTheFingerprintThatPeopleAgreedOn() throws Exception {
        PinnedKeys pins = new PinnedKeys(folder);
        KeyCard right = card("ann@a.org");
        pins.expect("ann@a.org", right.fingerprint());
        assertThatThrownBy(() -> pins.meet("ann@a.org", card("ann@a.org"))).hasMessageContaining("was agreed on");
        pins.meet("ann@a.org", right);
        assertThatThrownBy(() -> pins.expect("ann@a.org", card("x@x.org").fingerprint()))
                .hasMessageContaining("do not trust it");
        assertThatThrownBy(() -> pins.meet("bob@b.org", right)).hasMessageContaining("is that of ann@a.org");
    }

    @Test
    void comesFromKeysThatAreKeptForTheirOwnerAlone() throws Exception {
        SealingKeys made = SealingKeys.readOrCreate(folder.resolve("keys"));
        SealingKeys read = SealingKeys.readOrCreate(folder.resolve("keys"));
        assertThat(KeyCard.of("a@a.org", "app_data", read).sameAs(KeyCard.of("a@a.org", "app_data", made)))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys/signing-key.pem"))))
                .isEqualTo("rw-------");
        assertThat(made.toString()).isEqualTo("sealing keys");
    }
}
