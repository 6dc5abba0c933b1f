package dev.sotto.coordinator.identity;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/** Reads requests for certificates from strangers. Of a request only its key counts, and that whoever asks can sign with it. */
final class CertificateRequest {
    private static final int MOST_BYTES = 8 * 1024;
    private static final Set<ASN1ObjectIdentifier> SIGNATURES = Set.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384,
            X9ObjectIdentifiers.ecdsa_with_SHA512);

    private CertificateRequest() {}

    /**
     * The key for which a certificate is asked.
     *
     * @param request PKCS#10, DER
     * @throws RefusedException if it cannot be read, its key is not of P-256, or it is not signed with that key
     */
    static SubjectPublicKeyInfo key(byte[] request) throws RefusedException {
        if (request.length > MOST_BYTES) {
            throw new RefusedException(
                    "the certificate request has " + request.length + " bytes; it must have at most " + MOST_BYTES);
        }
        try {
            PKCS10CertificationRequest parsed = new PKCS10CertificationRequest(request);
            requireCanonical(parsed, request);
            SubjectPublicKeyInfo key = parsed.getSubjectPublicKeyInfo();
            requireCurve(key);
            requireSigned(parsed, key);
            return key;
        } catch (IOException | RuntimeException e) {
            throw new RefusedException("the certificate request cannot be read; it must be PKCS#10 in DER");
        }
    }

    /**
     * The client that a request names: its subject, if that is a common name and nothing else; empty otherwise.
     *
     * @param request that {@link #key} has read
     */
    static Optional<String> client(byte[] request) {
        try {
            RDN[] names = new PKCS10CertificationRequest(request).getSubject().getRDNs();
            boolean one = names.length == 1
                    && !names[0].isMultiValued()
                    && names[0].getFirst().getType().equals(BCStyle.CN);
            return one ? Optional.of(IETFUtils.valueToString(names[0].getFirst().getValue())) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** One request has one encoding: nothing in it may be said in another way, or be left unsaid. */
    private static void requireCanonical(PKCS10CertificationRequest parsed, byte[] request) throws IOException {
        byte[] canonical = new DERSequence(new ASN1Encodable[] {
                    parsed.toASN1Structure().getCertificationRequestInfo(),
                    new AlgorithmIdentifier(parsed.getSignatureAlgorithm().getAlgorithm()),
                    new DERBitString(parsed.getSignature())
                })
                .getEncoded("DER");
        if (!Arrays.equals(canonical, request)) {
            throw new IOException("not DER");
        }
    }

    private static void requireCurve(SubjectPublicKeyInfo key) throws RefusedException, IOException {
        boolean named = X9ObjectIdentifiers.id_ecPublicKey.equals(
                        key.getAlgorithm().getAlgorithm())
                && SECObjectIdentifiers.secp256r1.equals(key.getAlgorithm().getParameters());
        // Making the key checks that its point is on the curve.
        if (!named || !(PublicKeyFactory.createKey(key) instanceof ECPublicKeyParameters)) {
            throw new RefusedException("the certificate request has another kind of key; it must be of P-256");
        }
        byte[] point = key.getPublicKeyData().getBytes();
        if (point.length != 65 || point[0] != 4) {
            throw new RefusedException(
                    "the certificate request has a key in another form; its point must be uncompressed");
        }
    }

    private static void requireSigned(PKCS10CertificationRequest request, SubjectPublicKeyInfo key)
            throws RefusedException, IOException {
        boolean signed;
        try {
            signed = SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())
                    && request.isSignatureValid(
                            new BcECContentVerifierProviderBuilder(new DefaultDigestAlgorithmIdentifierFinder())
                                    .build(PublicKeyFactory.createKey(key)));
        } catch (OperatorCreationException | PKCSException e) {
            signed = false;
        }
        if (!signed) {
            throw new RefusedException("the certificate request is not signed with its own key");
        }
    }
}
