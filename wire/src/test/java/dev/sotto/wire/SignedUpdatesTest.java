package dev.sotto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.UpdateHeader;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.SignatureException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A signed update")
class SignedUpdatesTest {
    private static final UpdateHeader HEADER = UpdateHeader.newBuilder()
            .setSession("s")
            .setTask("t")
            .setRound(3)
            .setClientId("a")
            .putMetrics("trainingLoss", 0.5)
            .build();

    private final KeyPair keys;
    private final SignedUpdate update;

    SignedUpdatesTest() throws GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        update = SignedUpdates.sign(HEADER, keys.getPrivate());
    }

    @Test
    void givesItsHeaderToWhoHasTheClientsKey() throws SignatureException {
        assertThat(SignedUpdates.verified(update, keys.getPublic())).isEqualTo(HEADER);
    }

    @Test
    void isRefusedUnderAnotherKey() throws GeneralSecurityException {
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThatThrownBy(() -> SignedUpdates.verified(update, other.getPublic()))
                .hasMessage("its signature is not the client's");
    }

    @Test
    void isRefusedWithoutASignatureOrWithAnyBitOfItChanged() {
        assertThatThrownBy(() -> SignedUpdates.verified(
                        update.toBuilder().clearSignature().build(), keys.getPublic()))
                .hasMessage("it is not signed");
        byte[] signature = update.getSignature().toByteArray();
        for (int at = 0; at < signature.length; at++) {
            byte[] changed = signature.clone();
            changed[at] ^= 1;
            SignedUpdate bad = update.toBuilder()
                    .setSignature(ByteString.copyFrom(changed))
                    .build();
            assertThatThrownBy(() -> SignedUpdates.verified(bad, keys.getPublic()))
                    .isInstanceOf(SignatureException.class);
        }
    }

    @Test
    void isRefusedWithAnotherHeader() {
        SignedUpdate bad = update.toBuilder()
                .setHeader(HEADER.toBuilder().setRound(4).build().toByteString())
                .build();
        assertThatThrownBy(() -> SignedUpdates.verified(bad, keys.getPublic())).isInstanceOf(SignatureException.class);
    }

    @Test
    void isNotWhatTheKeySignedWithoutTheContext() throws GeneralSecurityException {
        Signature plain = Signature.getInstance("Ed25519");
        plain.initSign(keys.getPrivate());
        plain.update(HEADER.toByteArray());
        SignedUpdate bad = update.toBuilder()
                .setSignature(ByteString.copyFrom(plain.sign()))
                .build();
        assertThatThrownBy(() -> SignedUpdates.verified(bad, keys.getPublic())).isInstanceOf(SignatureException.class);
    }
}
