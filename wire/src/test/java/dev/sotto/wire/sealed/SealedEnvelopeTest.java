package dev.sotto.wire.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.wire.sealed.SealedEnvelope.Header;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A sealed envelope")
class SealedEnvelopeTest {
    private static final SealingKeys ANN = SealingKeys.generate();
    private static final SealingKeys AGG = SealingKeys.generate();
    private static final SealingKeys EVE = SealingKeys.generate();
    private static final KeyCard ANNS = KeyCard.of("ann@a.org", "app_data", ANN);
    private static final KeyCard AGGS = KeyCard.of("agg@n.org", "app_data", AGG);
    private static final KeyCard EVES = KeyCard.of("eve@e.org", "app_data", EVE);
    private static final Header HEADER = new Header("toy.1", "update", 3, "ann@a.org", "agg@n.org", 17);
    private static final byte[] CONTENT = "what ann has trained".getBytes(StandardCharsets.UTF_8);

    private static byte[] sealed() {
        return SealedEnvelope.seal(HEADER, CONTENT, ANN, AGGS);
    }

    private static byte[] opened(byte[] file) throws UnfitFileException {
        return SealedEnvelope.parse(file).open(ANNS, "agg@n.org", AGG);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 100_003})
    void opensToWhatWasSealed(int length) throws Exception {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 7);
        byte[] file = SealedEnvelope.seal(HEADER, content, ANN, AGGS);
        assertThat(opened(file)).isEqualTo(content);
        assertThat(SealedEnvelope.parse(file).header()).isEqualTo(HEADER);
        assertThat(file.length).isLessThanOrEqualTo(length + SealedEnvelope.overhead());
    }

    @Test
    void isRefusedIfAnyBitOfItIsAnother() {
        byte[] file = sealed();
        for (int at = 0; at < file.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = file.clone();
                changed[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> opened(changed))
                        .as("bit %d of byte %d", bit, at)
                        .isInstanceOf(UnfitFileException.class);
            }
        }
    }

    @Test
    void isRefusedIfItIsCutShortOrGoesOn() {
        byte[] file = sealed();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> opened(cut)).as("%d bytes", length).isInstanceOf(UnfitFileException.class);
        }
        assertThatThrownBy(() -> opened(Arrays.copyOf(file, file.length + 1))).hasMessageContaining("damaged");
    }

    @Test
    void cannotBeOpenedByAnotherReader() throws Exception {
        SealedEnvelope envelope = SealedEnvelope.parse(sealed());
        assertThatThrownBy(() -> envelope.open(ANNS, "agg@n.org", EVE)).hasMessageContaining("cannot be opened");
        assertThatThrownBy(() -> envelope.open(ANNS, "eve@e.org", EVE)).hasMessageContaining("not for eve@e.org");
    }

    @Test
    void isNotTakenForAnotherAuthors() throws Exception {
        SealedEnvelope envelope = SealedEnvelope.parse(sealed());
        assertThatThrownBy(() -> envelope.open(EVES, "agg@n.org", AGG)).hasMessageContaining("not by eve@e.org");
        byte[] forged = SealedEnvelope.seal(HEADER, CONTENT, EVE, AGGS);
        assertThatThrownBy(() -> opened(forged)).hasMessageContaining("signature it does not bear");
    }

    /** Signing what somebody else has encrypted does not make it one's own: the key is bound to its author. */
    @Test
    void cannotBeSignedAnewByWhoeverFindsIt() throws Exception {
        byte[] anns = sealed();
        byte[] eves =
                SealedEnvelope.seal(new Header("toy.1", "update", 3, "eve@e.org", "agg@n.org", 17), CONTENT, EVE, AGGS);
        assertThat(eves).hasSameSizeAs(anns);
        int tail = CONTENT.length + ContentCipher.TAG;
        byte[] stolen = eves.clone();
        System.arraycopy(anns, anns.length - tail, stolen, stolen.length - tail, tail);
        assertThatThrownBy(() -> SealedEnvelope.parse(stolen).open(EVES, "agg@n.org", AGG))
                .isInstanceOf(UnfitFileException.class);
    }

    @Test
    void showsNothingOfItsContentAndIsNeverTheSameTwice() {
        byte[] first = sealed();
        byte[] second = sealed();
        assertThat(first).isNotEqualTo(second);
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("trained");
    }
}
