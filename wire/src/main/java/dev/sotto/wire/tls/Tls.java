package dev.sotto.wire.tls;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;

/** TLS contexts: version 1.3 and no other, trust in one authority and no other. */
public final class Tls {
    private static final String VERSION = "TLSv1.3";

    private Tls() {}

    /**
     * A coordinator's side. Clients may come without a certificate, which enrolment needs; a certificate that the authority
     * has not signed ends the handshake.
     *
     * @param own what handshakes show from then on, each time as it is then
     * @param authority whom clients' certificates must be signed by
     * @param refused hears of each certificate turned away, and why; from the network's threads
     */
    public static SslContext server(
            ServedIdentity own, X509Certificate authority, BiConsumer<X509Certificate, String> refused) {
        return built(() -> GrpcSslContexts.configure(SslContextBuilder.forServer(own))
                .clientAuth(ClientAuth.OPTIONAL)
                .trustManager(new ClientTrust(Authorities.trusting(authority), refused)));
    }

    /** A node's side: mutual TLS. */
    public static SslContext mutual(TlsIdentity own, X509Certificate authority) {
        return built(() -> GrpcSslContexts.forClient()
                .keyManager(own.key(), own.chain().toArray(X509Certificate[]::new))
                .trustManager(Authorities.trusting(authority)));
    }

    /** The side of somebody without a certificate: an operator, say. */
    public static SslContext trusting(X509Certificate authority) {
        return built(() -> GrpcSslContexts.forClient().trustManager(Authorities.trusting(authority)));
    }

    /**
     * The side of a node that joins: it knows the digest of the authority's key and no more.
     *
     * @param keyDigest as {@link Authorities#keyDigest} has it
     */
    public static SslContext joining(byte[] keyDigest) {
        return built(() -> GrpcSslContexts.forClient().trustManager(new PinnedTrust(keyDigest)));
    }

    @FunctionalInterface
    private interface Building {
        SslContextBuilder begin() throws GeneralSecurityException;
    }

    private static SslContext built(Building building) {
        try {
            return building.begin().protocols(VERSION).build();
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalArgumentException("no TLS with these certificates and keys: " + e.getMessage(), e);
        }
    }
}
