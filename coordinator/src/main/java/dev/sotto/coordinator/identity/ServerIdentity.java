package dev.sotto.coordinator.identity;

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
    /** Its certificate. */
    public X509Certificate certificate() throws IOException {
        return Pem.certificates(chain).get(0);
    }
}
