package dev.sotto.node.link;

import com.google.protobuf.ByteString;
import dev.sotto.formats.Printable;
import dev.sotto.wire.Channels;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Authorities;
import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.v1.EnrolmentGrpc;
import dev.sotto.wire.v1.JoinRequest;
import dev.sotto.wire.v1.JoinResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Turns a join token into a certificate. */
final class Joining {
    private static final int SECONDS = 30;

    private final JoinToken token;
    private final String clientId;
    private final NodeKeys keys;

    Joining(JoinToken token, String clientId, NodeKeys keys) {
        this.token = token;
        this.clientId = clientId;
        this.keys = keys;
    }

    Joined join(String version, ProxyRules proxies) throws IOException {
        ManagedChannel channel = Channels.open(token.address(), Tls.joining(token.authority()), proxies);
        try {
            JoinResponse response = EnrolmentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .join(request(version));
            return joined(response);
        } catch (StatusRuntimeException e) {
            throw refused(e);
        } catch (GeneralSecurityException e) {
            throw new IOException("the coordinator's answer cannot be used: " + e.getMessage(), e);
        } finally {
            channel.shutdownNow();
        }
    }

    private IOException refused(StatusRuntimeException e) {
        Status status = e.getStatus();
        return switch (status.getCode()) {
            case PERMISSION_DENIED, INVALID_ARGUMENT, UNAUTHENTICATED ->
                new LinkRefusedException(
                        "the coordinator refuses to let " + clientId + " join: " + status.getDescription(), e);
            default ->
                new IOException("the coordinator at " + token.address() + " cannot be reached: " + Reasons.of(e), e);
        };
    }

    private JoinRequest request(String version) throws GeneralSecurityException {
        byte[] certificateRequest = certificateRequest();
        Signature proof = Signature.getInstance("Ed25519");
        proof.initSign(keys.signing().getPrivate());
        proof.update(certificateRequest);
        return JoinRequest.newBuilder()
                .setToken(token.text())
                .setClientId(clientId)
                .setCertificateRequest(ByteString.copyFrom(certificateRequest))
                .setSigningKey(ByteString.copyFrom(keys.signing().getPublic().getEncoded()))
                .setProof(ByteString.copyFrom(proof.sign()))
                .setVersion(version)
                .build();
    }

    private byte[] certificateRequest() {
        try {
            X500Principal subject = new X500Principal("CN=" + clientId);
            return new JcaPKCS10CertificationRequestBuilder(subject, keys.tls().getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(keys.tls().getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("no certificate request with these keys: " + e.getMessage(), e);
        }
    }

    /** Trusts the answer no further than the token reaches: its authority must be the token's, and the certificate ours. */
    private Joined joined(JoinResponse response) throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        for (ByteString der : response.getCertificateChainList()) {
            chain.add(Pem.certificate(der.toByteArray()));
        }
        if (chain.size() < 2) {
            throw new GeneralSecurityException("it has " + chain.size() + " certificates; two or more are needed");
        }
        X509Certificate own = chain.get(0);
        X509Certificate authority = chain.get(chain.size() - 1);
        if (!MessageDigest.isEqual(Authorities.keyDigest(authority), token.authority())) {
            throw new GeneralSecurityException("its authority is not the one that the join token names");
        }
        if (!own.getPublicKey().equals(keys.tls().getPublic())) {
            throw new GeneralSecurityException("its certificate is for another key");
        }
        for (int i = 0; i < chain.size() - 1; i++) {
            chain.get(i).verify(chain.get(i + 1).getPublicKey());
        }
        if (response.getCoordinatorId().isBlank() || !Printable.is(response.getCoordinatorId())) {
            throw new GeneralSecurityException("its coordinator calls itself what cannot be printed");
        }
        PublicKey packageKey = Pem.publicKey(response.getPackageKey().toByteArray(), "Ed25519");
        return new Joined(token.address(), response.getCoordinatorId(), chain, packageKey);
    }
}
