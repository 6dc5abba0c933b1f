package dev.sotto.coordinator.identity;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Somebody who wants to join, with all that it takes. */
record Applicant(KeyPair tls, KeyPair signing, byte[] csr, byte[] proof) {
    static Applicant fresh() throws Exception {
        return with(keys("EC", "secp256r1"), "SHA256withECDSA");
    }

    static KeyPair keys(String algorithm, String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static Applicant with(KeyPair tls, String algorithm) throws Exception {
        return signed(request(tls, tls, algorithm), tls);
    }

    /** It asks to be an authority, and somebody else: both are to be overheard. */
    static byte[] request(KeyPair open, KeyPair signer, String algorithm) throws Exception {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=somebody else,O=Other"), open.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                .build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
                .getEncoded();
    }

    /** Somebody who has joined and asks for a certificate for another key, in that name. */
    Applicant again(String name) throws Exception {
        KeyPair next = keys("EC", "secp256r1");
        return again(next, name, signing);
    }

    static Applicant again(KeyPair next, String name, KeyPair signing) throws Exception {
        byte[] csr = new JcaPKCS10CertificationRequestBuilder(new X500Name(name), next.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(next.getPrivate()))
                .getEncoded();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(signing.getPrivate());
        signature.update(csr);
        return new Applicant(next, signing, csr, signature.sign());
    }

    static Applicant signed(byte[] csr, KeyPair tls) throws Exception {
        KeyPair signing = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(signing.getPrivate());
        signature.update(csr);
        return new Applicant(tls, signing, csr, signature.sign());
    }

    Joined join(Gate gate, String token, String id) throws RefusedException {
        return gate.join(token, id, csr, signing.getPublic().getEncoded(), proof);
    }
}
