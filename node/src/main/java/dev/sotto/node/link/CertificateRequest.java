package dev.sotto.node.link;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * What a node sends to have a key certified.
 *
 * @param der PKCS#10, signed with the key itself
 * @param proof over it, by the key that signs the node's updates
 */
record CertificateRequest(byte[] der, byte[] proof) {
    static CertificateRequest of(String clientId, KeyPair tls, PrivateKey signing) throws GeneralSecurityException {
        byte[] der;
        try {
            der = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=" + clientId), tls.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(tls.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("no certificate request with these keys: " + e.getMessage(), e);
        }
        Signature proof = Signature.getInstance("Ed25519");
        proof.initSign(signing);
        proof.update(der);
        return new CertificateRequest(der, proof.sign());
    }
}
