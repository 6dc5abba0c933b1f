package dev.sotto.coordinator.identity;

import dev.sotto.wire.tls.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;

/**
 * What a coordinator serves with.
 *
 * @param key PKCS#8, PEM
 * @param chain its certificate and the authority's, PEM
 */
public record ServerIdentity(Path key, Path chain) {
    /** What is kept in a folder. */
    public static ServerIdentity in(Path folder) {
        return new ServerIdentity(folder.resolve("key.pem"), folder.resolve("chain.pem"));
    }

    /** Its certificate. */
    public X509Certificate certificate() throws IOException {
        return Pem.certificates(chain).get(0);
    }
}
