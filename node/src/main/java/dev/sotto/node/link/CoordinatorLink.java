package dev.sotto.node.link;

import com.google.protobuf.ByteString;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.Channels;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Authorities;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.tls.TlsIdentity;
import dev.sotto.wire.v1.ArrivedRequest;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.RenewRequest;
import dev.sotto.wire.v1.RenewResponse;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A node's line to its coordinator. {@link #run} keeps it up; transfers go beside it and wait out its breaks. Thread-safe.
 */
public final class CoordinatorLink implements AutoCloseable {
    private final LinkSettings settings;
    private final RenewableChannel channel;
    private final BlobCache cache;
    private final Persistence persistence;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** What comes after the link was closed is for nobody. */
    private final ScheduledExecutorService timer =
            new ScheduledThreadPoolExecutor(1, CoordinatorLink::daemon, new ThreadPoolExecutor.DiscardPolicy());

    private final Map<String, Object> downloads = new ConcurrentHashMap<>();
    private volatile Optional<Attending> attending = Optional.empty();

    /**
     * A line that is dialled when it is first used.
     *
     * @throws IOException if the cache folder cannot be used
     */
    public CoordinatorLink(LinkSettings settings) throws IOException {
        this.settings = settings;
        this.cache = new BlobCache(settings.cache(), settings.mostCacheBytes());
        this.channel = new RenewableChannel(open(settings, settings.identity()));
        this.persistence = new Persistence(settings, closed);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "sotto-link");
        thread.setDaemon(true);
        return thread;
    }

    private static ManagedChannel open(LinkSettings settings, TlsIdentity identity) {
        return Channels.open(settings.address(), Tls.mutual(identity, settings.authority()), settings.proxies());
    }

    /**
     * Has another key certified, over the connection that the present certificate opened. Asked again for the same key, as
     * after a break, it gives the same certificate. {@link #use} has to follow.
     *
     * @param next P-256
     * @param signing key of the node's updates
     * @return certificates, the node's own first, the authority's last
     * @throws LinkRefusedException if the coordinator refuses; the message says why
     * @throws IOException if it cannot be reached, or answers what cannot be used
     */
    public List<X509Certificate> renew(String clientId, KeyPair next, PrivateKey signing) throws IOException {
        try {
            CertificateRequest request = CertificateRequest.of(clientId, next, signing);
            RenewResponse response = WorkGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(settings.stall().toMillis(), TimeUnit.MILLISECONDS)
                    .renew(RenewRequest.newBuilder()
                            .setCertificateRequest(ByteString.copyFrom(request.der()))
                            .setProof(ByteString.copyFrom(request.proof()))
                            .build());
            return Chains.checked(
                    response.getCertificateChainList(), next.getPublic(), Authorities.keyDigest(settings.authority()));
        } catch (StatusRuntimeException e) {
            if (Persistence.refuses(e.getStatus())) {
                throw new LinkRefusedException("renewal of the certificate: " + Reasons.of(e), e);
            }
            throw new IOException("renewal of the certificate: " + Reasons.of(e), e);
        } catch (GeneralSecurityException e) {
            throw new IOException("the coordinator's answer cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Asks for nothing, to see whether the coordinator can be reached and lets this node in. What the node does meanwhile, in
     * this process or another, is not disturbed.
     *
     * @throws LinkRefusedException if it does not let this node in
     * @throws IOException if it cannot be reached
     */
    public void reach() throws IOException {
        try {
            // How much of a task's update has arrived: of one that nobody knows, nothing.
            WorkGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(settings.stall().toMillis(), TimeUnit.MILLISECONDS)
                    .arrived(ArrivedRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            if (Persistence.refuses(e.getStatus())) {
                throw new LinkRefusedException(Reasons.of(e), e);
            }
            throw new IOException(Reasons.of(e), e);
        }
    }

    /** Shows that from now on: connects anew at once, while transfers that are on come to their end. */
    public void use(TlsIdentity identity) {
        channel.use(open(settings, identity));
        attending.ifPresent(Attending::again);
    }

    /**
     * Joins: turns a token into a certificate, once. Nothing is trusted but the authority whose key the token names.
     *
     * @param version of the node
     * @throws LinkRefusedException if the coordinator refuses; the message says why
     * @throws IOException if it cannot be reached, or is not the token's
     */
    public static Joined join(JoinToken token, String clientId, NodeKeys keys, String version, ProxyRules proxies)
            throws IOException {
        return new Joining(token, clientId, keys).join(version, proxies);
    }

    /**
     * Connects, and connects again whenever the connection breaks, until the link is closed or the thread is interrupted.
     *
     * @throws LinkRefusedException if the coordinator does not want this node: its certificate is revoked, say
     */
    public void run(Handler handler) throws LinkRefusedException, InterruptedException {
        Backoff backoff = new Backoff(settings.firstRetry(), settings.mostRetry());
        while (closed.getCount() > 0) {
            channel.resetConnectBackoff();
            Attending now = new Attending(settings, handler, timer);
            attending = Optional.of(now);
            now.begin(WorkGrpc.newStub(channel));
            Attending.End end = now.await();
            attending = Optional.empty();
            if (closed.getCount() == 0) {
                return;
            }
            if (end.atOnce()) {
                continue;
            }
            if (end.refused()) {
                throw new LinkRefusedException(end.reason(), end.cause());
            }
            if (now.welcomed()) {
                backoff.succeeded();
            }
            Duration wait = backoff.next();
            handler.disconnected(end.reason(), wait);
            if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    /**
     * Says something to the coordinator.
     *
     * @return false if there is no connection now. What is not said need not be kept: after the next connection the
     *     coordinator asks again for what it still waits for.
     */
    public boolean send(FromNode message) {
        return attending.map(now -> now.send(message)).orElse(false);
    }

    /**
     * Downloads a package or a model into the cache, or finds it there. Goes on where an earlier attempt, in this process or
     * another, was interrupted.
     *
     * @param most bytes that are accepted; a blob that claims more is refused before a byte is read
     * @return a file with exactly these bytes, digest verified
     * @throws LinkRefusedException if the coordinator does not give it
     */
    public Path download(Blob blob, long most) throws IOException {
        try {
            Blobs.requireAtMost(blob, most, "the coordinator's offer");
        } catch (IllegalArgumentException e) {
            throw new LinkRefusedException(e.getMessage(), e);
        }
        String name = Blobs.hex(blob.getSha256());
        synchronized (downloads.computeIfAbsent(name, each -> new Object())) {
            Optional<Path> there = cache.find(blob);
            if (there.isPresent()) {
                return there.get();
            }
            try (BlobCache.Part part = cache.part(blob)) {
                Path file = persistence.complete(
                        "download of " + name,
                        new Downloading(WorkGrpc.newBlockingStub(channel), blob, part, settings.stall(), timer));
                cache.trim();
                // After a failure it stays: others that wait for it and those that come later must not write at once.
                downloads.remove(name);
                return file;
            }
        }
    }

    /**
     * Delivers an update, from where an earlier attempt broke off.
     *
     * @param bytes what the signed header names; read again where they must be sent again
     * @param wanted asked before each piece: when it is wanted no more, no more of it leaves
     * @return what became of it: counted, or why not
     * @throws LinkRefusedException if the coordinator does not want it from this node
     */
    public Receipt deliver(SignedUpdate update, ByteSource bytes, BooleanSupplier wanted) throws IOException {
        return persistence.complete(
                "delivery of an update", new Delivering(channel, update, bytes, wanted, settings.stall()));
    }

    /** Ends {@link #run} and all transfers. */
    @Override
    public void close() {
        closed.countDown();
        attending.ifPresent(Attending::close);
        channel.close();
        timer.shutdownNow();
    }
}
