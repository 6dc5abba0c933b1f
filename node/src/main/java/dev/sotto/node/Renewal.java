package dev.sotto.node;

import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.wire.tls.TlsIdentity;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps a node's certificate good: has a new key certified while a good third of the old certificate's time is left, over the
 * connection that the old one opens. Each step leaves a state that the next start goes on from: the key is on disk before it is
 * sent, the coordinator gives the same certificate for the same key, and key and certificate come into use in one step.
 */
public final class Renewal implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Renewal.class.getName());
    private static final Duration OFTEN = Duration.ofHours(6);
    /** Looks so often in a certificate's life. */
    private static final int LOOKS = 50;
    /** Thousandths of its life after which it is renewed: between these, so that nodes which joined together do not come together. */
    private static final int FROM = 600;

    private static final int SPREAD = 100;

    private final NodeHome.Alone home;
    private final NodeIdentity identity;
    private final CoordinatorLink link;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sotto-renewal");
        thread.setDaemon(true);
        return thread;
    });
    private volatile X509Certificate certificate;

    /** Looks after the certificate of a node that has its home to itself, until it is closed. */
    public Renewal(NodeHome.Alone home, NodeHome.Enrolled enrolled, CoordinatorLink link) {
        this.home = home;
        this.identity = enrolled.agent();
        this.link = link;
        this.certificate = enrolled.tls().certificate();
    }

    /** Looks from now on, at once and then so often that some failures do no harm. */
    public void begin() {
        LOG.log(Level.INFO, "the certificate is valid until {0}, and is renewed from {1} on", new Object[] {
            certificate.getNotAfter().toInstant(), due(certificate)
        });
        long often = Math.min(OFTEN.toMillis(), life(certificate).toMillis() / LOOKS);
        var unused = timer.scheduleWithFixedDelay(this::look, 0, Math.max(1, often), TimeUnit.MILLISECONDS);
    }

    private static Duration life(X509Certificate certificate) {
        return Duration.between(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /** When it is to be renewed. */
    public static Instant due(X509Certificate certificate) {
        int part = FROM + Math.floorMod(certificate.getSerialNumber().intValue(), SPREAD);
        return certificate
                .getNotBefore()
                .toInstant()
                .plus(life(certificate).multipliedBy(part).dividedBy(1000));
    }

    /** The certificate that is shown now. */
    public X509Certificate certificate() {
        return certificate;
    }

    private void look() {
        if (Instant.now().isBefore(due(certificate))) {
            return;
        }
        try {
            certificate = now(home, identity, link).certificate();
            LOG.log(
                    Level.INFO,
                    "the certificate was renewed; it is valid until {0}",
                    certificate.getNotAfter().toInstant());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the certificate, valid until {0}, could not be renewed: {1}", new Object[] {
                certificate.getNotAfter().toInstant(), e.getMessage()
            });
        }
    }

    /**
     * Renews, due or not, and shows the new certificate from then on.
     *
     * @throws IOException if the coordinator refuses or cannot be reached; the old certificate then goes on
     */
    public static TlsIdentity now(NodeHome.Alone home, NodeIdentity identity, CoordinatorLink link) throws IOException {
        KeyPair next = home.nextKey();
        TlsIdentity renewed = home.renewed(next, link.renew(identity.client(), next, identity.signingKey()));
        link.use(renewed);
        return renewed;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
