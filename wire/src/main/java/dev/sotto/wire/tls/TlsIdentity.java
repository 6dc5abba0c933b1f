package dev.sotto.wire.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who one is in a TLS handshake.
 *
 * @param chain own certificate first; the authority's may be last or absent
 * @param key that belongs to the first certificate
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
    /** Copies the chain. */
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity needs a certificate");
        }
    }

    /** From PEM files. */
    public static TlsIdentity read(Path chain, Path key) throws IOException {
        return new TlsIdentity(Pem.certificates(chain), Pem.privateKey(key));
    }

    /** The own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "identity of " + certificate().getSubjectX500Principal();
    }
}
