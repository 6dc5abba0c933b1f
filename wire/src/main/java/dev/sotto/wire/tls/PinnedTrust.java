package dev.sotto.wire.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust before an authority's certificate is known: whoever is met must show a chain up to an authority with that key, and is
 * then held to it as anybody is, host name included.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final byte[] keyDigest;

    PinnedTrust(byte[] keyDigest) {
        this.keyDigest = keyDigest.clone();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        pinned(chain).checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        pinned(chain).checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        // Without the connection there is no host name to hold the certificate to.
        throw new CertificateException("no connection to check");
    }

    private X509ExtendedTrustManager pinned(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (MessageDigest.isEqual(Authorities.keyDigest(certificate), keyDigest)) {
                try {
                    return Authorities.trusting(certificate);
                } catch (GeneralSecurityException e) {
                    throw new CertificateException(e);
                }
            }
        }
        throw new CertificateException("the coordinator's authority is not the one that the join token names");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("for servers only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("for servers only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("for servers only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
