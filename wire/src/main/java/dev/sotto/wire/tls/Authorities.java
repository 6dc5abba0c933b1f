package dev.sotto.wire.tls;

import dev.sotto.wire.Blobs;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificate authorities: how they are known, and trust in one and no other. */
public final class Authorities {
    private Authorities() {}

    /** SHA-256 of a certificate's public key, SubjectPublicKeyInfo: by this a join token knows the authority. */
    public static byte[] keyDigest(X509Certificate certificate) {
        return Blobs.sha256().digest(certificate.getPublicKey().getEncoded());
    }

    /** Trusts what this authority has signed, and nothing that the machine trusts besides. */
    static X509ExtendedTrustManager trusting(X509Certificate authority) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e); // nothing is read
        }
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager trust) {
                return trust;
            }
        }
        throw new GeneralSecurityException("this Java has no PKIX trust manager");
    }
}
