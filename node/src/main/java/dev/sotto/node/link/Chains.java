package dev.sotto.node.link;

import com.google.protobuf.ByteString;
import dev.sotto.wire.tls.Authorities;
import dev.sotto.wire.tls.Pem;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates that a coordinator issued, trusted no further than the authority's key that was agreed on reaches. */
final class Chains {
    private Chains() {}

    /**
     * A chain for that key, up to that authority.
     *
     * @param issued X.509, DER, the node's own first, the authority's last
     * @param authority SHA-256 of its key
     */
    static List<X509Certificate> checked(List<ByteString> issued, PublicKey key, byte[] authority)
            throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        for (ByteString der : issued) {
            chain.add(Pem.certificate(der.toByteArray()));
        }
        if (chain.size() < 2) {
            throw new GeneralSecurityException("it has " + chain.size() + " certificates; two or more are needed");
        }
        if (!MessageDigest.isEqual(Authorities.keyDigest(chain.get(chain.size() - 1)), authority)) {
            throw new GeneralSecurityException("its authority is not the one that the node knows");
        }
        if (!chain.get(0).getPublicKey().equals(key)) {
            throw new GeneralSecurityException("its certificate is for another key");
        }
        for (int i = 0; i < chain.size() - 1; i++) {
            chain.get(i).verify(chain.get(i + 1).getPublicKey());
        }
        return chain;
    }
}
