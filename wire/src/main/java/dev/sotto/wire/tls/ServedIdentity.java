package dev.sotto.wire.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What a server shows in handshakes, which can be replaced while it serves: connections that are up stay, later ones are shown
 * the new one. The authority's certificate is at the chain's end, as {@link Tls#joining} expects. Thread-safe.
 */
public final class ServedIdentity extends X509ExtendedKeyManager {
    private volatile Shown shown;
    /** For handshakes that had chosen it when it was replaced. */
    private volatile Optional<Shown> before = Optional.empty();

    /** Key and chain change together; whoever asks for them names the alias that was chosen. */
    private record Shown(String alias, PrivateKey key, X509Certificate[] chain) {}

    /** Shows that until another is given. */
    public ServedIdentity(TlsIdentity own, X509Certificate authority) {
        shown = shown(own, authority);
    }

    /** Shows that from now on. */
    public synchronized void use(TlsIdentity own, X509Certificate authority) {
        before = Optional.of(shown);
        shown = shown(own, authority);
    }

    private static Shown shown(TlsIdentity own, X509Certificate authority) {
        List<X509Certificate> chain = new ArrayList<>(own.chain());
        if (!chain.contains(authority)) {
            chain.add(authority);
        }
        return new Shown(
                own.certificate().getSerialNumber().toString(16), own.key(), chain.toArray(X509Certificate[]::new));
    }

    private Optional<Shown> named(String alias) {
        return Optional.of(shown)
                .filter(now -> now.alias().equals(alias))
                .or(() -> before.filter(earlier -> earlier.alias().equals(alias)));
    }

    /** The certificate that is shown now. */
    public X509Certificate certificate() {
        return shown.chain()[0];
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        Shown now = shown;
        return keyType.startsWith(now.key().getAlgorithm()) ? now.alias() : null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[] {shown.alias()};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return named(alias).map(each -> each.chain().clone()).orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return named(alias).map(Shown::key).orElse(null);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }
}
