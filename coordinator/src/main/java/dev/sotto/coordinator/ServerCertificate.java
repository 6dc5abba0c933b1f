package dev.sotto.coordinator;

import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.tls.ServedIdentity;
import dev.sotto.wire.tls.TlsIdentity;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps what a coordinator shows in handshakes good for as long as it runs, be that years. */
final class ServerCertificate implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServerCertificate.class.getName());
    private static final Duration DAY = Duration.ofDays(1);
    /** Looks so often in a certificate's life that the last quarter sees several. */
    private static final int LOOKS = 20;

    private final CoordinatorHome home;
    private final ServedIdentity shown;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sotto-certificate");
        thread.setDaemon(true);
        return thread;
    });

    ServerCertificate(CoordinatorHome home) throws IOException {
        this.home = home;
        this.shown = new ServedIdentity(own(), authority());
        Duration often = home.settings().lifetimes().server().dividedBy(LOOKS);
        long millis = (often.compareTo(DAY) < 0 ? often : DAY).toMillis();
        var unused = timer.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    private TlsIdentity own() throws IOException {
        return TlsIdentity.read(home.server().chain(), home.server().key());
    }

    /** Whom clients' certificates must be signed by. */
    X509Certificate authority() throws IOException {
        return Pem.certificates(home.authorityCertificate()).get(0);
    }

    /** What is shown, now and later. */
    ServedIdentity shown() {
        return shown;
    }

    private void look() {
        try {
            home.renew();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.SEVERE, "certificates could not be looked after: " + e.getMessage(), e);
        }
        show();
    }

    /** What is on disk, whatever failed after it was written there. */
    private void show() {
        try {
            if (!shown.certificate().equals(home.server().certificate())) {
                shown.use(own(), authority());
                LOG.log(
                        Level.INFO,
                        "the server certificate was renewed; it is valid until {0}",
                        shown.certificate().getNotAfter().toInstant());
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "the server certificate cannot be renewed; the one that there is is valid until "
                            + shown.certificate().getNotAfter().toInstant());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
