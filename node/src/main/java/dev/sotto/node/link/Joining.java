package dev.sotto.node.link;

import com.google.protobuf.ByteString;
import dev.sotto.formats.Printable;
import dev.sotto.wire.Channels;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
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
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
        CertificateRequest request =
                CertificateRequest.of(clientId, keys.tls(), keys.signing().getPrivate());
        return JoinRequest.newBuilder()
                .setToken(token.text())
                .setClientId(clientId)
                .setCertificateRequest(ByteString.copyFrom(request.der()))
                .setSigningKey(ByteString.copyFrom(keys.signing().getPublic().getEncoded()))
                .setProof(ByteString.copyFrom(request.proof()))
                .setVersion(version)
                .build();
    }

    /** Trusts the answer no further than the token reaches: its authority must be the token's, and the certificate ours. */
    private Joined joined(JoinResponse response) throws GeneralSecurityException {
        List<X509Certificate> chain =
                Chains.checked(response.getCertificateChainList(), keys.tls().getPublic(), token.authority());
        if (response.getCoordinatorId().isBlank() || !Printable.is(response.getCoordinatorId())) {
            throw new GeneralSecurityException("its coordinator calls itself what cannot be printed");
        }
        PublicKey packageKey = Pem.publicKey(response.getPackageKey().toByteArray(), "Ed25519");
        return new Joined(token.address(), response.getCoordinatorId(), chain, packageKey);
    }
}
