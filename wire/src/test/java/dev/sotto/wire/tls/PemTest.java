package dev.sotto.wire.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("PEM")
class PemTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "Ed25519", "RSA"})
    void keepsKeys(String algorithm) throws GeneralSecurityException, IOException {
        KeyPair keys = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        Path file = Files.writeString(
                folder.resolve("key"), "a remark\n" + Pem.text(keys.getPrivate()) + Pem.text(keys.getPublic()));
        assertThat(Pem.privateKey(file)).isEqualTo(keys.getPrivate());
        assertThat(Pem.publicKey(file)).isEqualTo(keys.getPublic());
    }

    @Test
    void saysWhichFileHoldsNoKey() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "nothing");
        assertThatThrownBy(() -> Pem.privateKey(file)).hasMessage(file + ": no PEM block 'BEGIN PRIVATE KEY'");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Pem.privateKey(file))
                .hasMessage(file + ": its key is none of EC, Ed25519, RSA, X25519");
    }
}
