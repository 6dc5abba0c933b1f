package dev.sotto.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.Database;
import dev.sotto.node.NodeHome;
import dev.sotto.node.Renewal;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.Handler;
import dev.sotto.node.link.Joined;
import dev.sotto.node.link.LinkRefusedException;
import dev.sotto.node.link.LinkSettings;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.Address;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.tls.TlsIdentity;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.Welcome;
import dev.sotto.wire.v1.Withdraw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over real sockets, with certificates that live for seconds. */
@Timeout(120)
@DisplayName("A certificate")
final class RenewalTest {
    /** A thread for each: the common pool may have one for all of them. */
    private static final Executor OWN_THREAD = task -> {
        Thread thread = new Thread(task, "test-link");
        thread.setDaemon(true);
        thread.start();
    };

    private static final Duration LIFE = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private Path home;
    private Coordinator coordinator;
    private final List<AutoCloseable> open = new ArrayList<>();

    private void start(String certificates) throws IOException {
        home = folder.resolve("coordinator");
        CoordinatorHome.init(home, List.of(), 0, Optional.empty());
        Files.writeString(
                home.resolve("coordinator.yaml"), "certificates: " + certificates + "\n", StandardOpenOption.APPEND);
        // So that its server's certificate is made anew, with the lifetime that is now set.
        Files.delete(home.resolve("server/chain.pem"));
        coordinator = Coordinator.start(home, new Coordinator.Options(0));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        if (coordinator != null) {
            coordinator.close();
        }
    }

    private <T extends AutoCloseable> T opened(T thing) {
        open.add(0, thing);
        return thing;
    }

    /** A node's folder, and what a process of the node has of it. */
    private final class Node {
        final NodeHome home;

        Node(String id) throws IOException {
            this.home = new NodeHome(folder.resolve(id));
            NodeKeys keys = NodeKeys.generate();
            home.keep(id, keys, CoordinatorLink.join(token(id), id, keys, "test", ProxyRules.of(Map.of())));
        }

        CoordinatorLink link() throws IOException {
            NodeHome.Enrolled enrolled = home.enrolled();
            List<X509Certificate> chain = enrolled.tls().chain();
            return opened(new CoordinatorLink(new LinkSettings(
                    Address.parse(coordinator.address()),
                    enrolled.tls(),
                    chain.get(chain.size() - 1),
                    ProxyRules.of(Map.of()),
                    home.cache(),
                    1 << 20,
                    "test",
                    "jvm",
                    Duration.ofMillis(20),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10))));
        }

        TlsIdentity tls() {
            return home.enrolled().tls();
        }

        List<X509Certificate> renew(CoordinatorLink link, String inTheNameOf, KeyPair key) throws IOException {
            return link.renew(inTheNameOf, key, home.enrolled().agent().signingKey());
        }
    }

    private JoinToken token(String id) {
        try (Database database = Database.open(Database.inHome(home), home)) {
            assertThat(database.clients().find(id)).isEmpty();
        }
        return JoinToken.parse(coordinator
                .identities()
                .createJoinToken(Optional.of(id), Duration.ofDays(1), "test")
                .token());
    }

    /** What happens to a link. */
    private static final class Listening implements Handler {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public List<String> sessions() {
            return List.of();
        }

        @Override
        public void connected(Welcome welcome) {
            heard.add("connected");
        }

        @Override
        public void disconnected(String reason, Duration retry) {
            heard.add("disconnected: " + reason);
        }

        @Override
        public void offer(Offer offer) {}

        @Override
        public void task(Task task) {}

        @Override
        public void withdraw(Withdraw withdraw) {}

        @Override
        public void over(SessionOver over) {}
    }

    private static CompletableFuture<String> run(CoordinatorLink link, Handler handler) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        link.run(handler);
                        return "closed";
                    } catch (LinkRefusedException e) {
                        return "refused: " + e.getMessage();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return "interrupted";
                    }
                },
                OWN_THREAD);
    }

    private static void requireLetIn(Node node) throws Exception {
        Listening heard = new Listening();
        CompletableFuture<String> end = run(node.link(), heard);
        until(() -> heard.heard.contains("connected") || end.isDone());
        assertThat(end).isNotDone();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it comes about").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private List<AuditLine> audited(String action) {
        try (Database database = Database.open(Database.inHome(home), home)) {
            assertThat(database.audit().verify()).isEmpty();
            return database.audit().lines(1, 1000).stream()
                    .filter(line -> line.action().equals(action))
                    .toList();
        }
    }

    /** What the coordinator shows to whoever connects now. */
    private X509Certificate shown() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
        Address address = Address.parse(coordinator.address());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.host(), address.port())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Looks, and trusts nobody with anything. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void isRenewedAtBothEndsForAsLongAsTheyRun() throws Exception {
        start("{client: 10s, server: 10s}");
        X509Certificate firstServer = shown();
        Node node = new Node("ward");
        X509Certificate first = node.tls().certificate();
        assertThat(Duration.between(Instant.now(), first.getNotAfter().toInstant()))
                .isLessThanOrEqualTo(LIFE);
        NodeHome.Alone alone = opened(node.home.alone());
        CoordinatorLink link = node.link();
        Renewal renewal = opened(new Renewal(alone, node.home.enrolled(), link));
        renewal.begin();
        Listening heard = new Listening();
        CompletableFuture<String> end = run(link, heard);
        until(() -> audited("certificate renewed").size() >= 2
                && heard.heard.size() >= 3
                && first.getNotAfter().toInstant().isBefore(Instant.now())
                && firstServer.getNotAfter().toInstant().isBefore(Instant.now()));
        // Neither end's first certificate would do any more, and nobody noticed.
        assertThat(end).isNotDone();
        assertThat(heard.heard).containsOnly("connected");
        assertThat(renewal.certificate()).isEqualTo(node.tls().certificate()).isNotEqualTo(first);
        assertThat(folder.resolve("ward/identity/next-key.pem")).doesNotExist();
        X509Certificate server = shown();
        assertThat(server).isNotEqualTo(firstServer);
        server.verify(Pem.certificates(home.resolve("authority/certificate.pem"))
                .get(0)
                .getPublicKey());
        assertThat(audited("server certificate renewed")).hasSizeGreaterThanOrEqualTo(2);
        // Who starts now is let in with what is on disk.
        requireLetIn(node);
    }

    @Test
    void survivesAKillBetweenAnyTwoStepsOfItsRenewal() throws Exception {
        start("{client: 1d, server: 1d}");
        Node node = new Node("ward");
        X509Certificate first = node.tls().certificate();
        KeyPair next;
        try (NodeHome.Alone process = node.home.alone()) {
            next = process.nextKey();
        } // killed before the key was sent
        assertThat(node.tls().certificate()).isEqualTo(first);
        List<X509Certificate> issued;
        try (NodeHome.Alone process = node.home.alone();
                CoordinatorLink link = node.link()) {
            assertThat(process.nextKey().getPublic()).isEqualTo(next.getPublic());
            issued = node.renew(link, "ward", next);
        } // killed before the certificate was written
        assertThat(node.tls().certificate()).isEqualTo(first);
        byte[] leftover = Files.readAllBytes(folder.resolve("ward/identity/next-key.pem"));
        try (NodeHome.Alone process = node.home.alone();
                CoordinatorLink link = node.link()) {
            KeyPair again = process.nextKey();
            List<X509Certificate> same = node.renew(link, "ward", again);
            assertThat(same).isEqualTo(issued);
            process.renewed(again, same);
        }
        // killed before the key's own file was removed
        Files.write(folder.resolve("ward/identity/next-key.pem"), leftover);
        assertThat(audited("certificate renewed")).hasSize(1);
        assertThat(node.tls().certificate()).isEqualTo(issued.get(0));
        requireLetIn(node);
        try (NodeHome.Alone process = node.home.alone();
                CoordinatorLink link = node.link()) {
            Renewal.now(process, node.home.enrolled().agent(), link);
        }
        assertThat(node.tls().certificate().getPublicKey())
                .isNotEqualTo(issued.get(0).getPublicKey());
        assertThat(audited("certificate renewed")).hasSize(2);
    }

    @Test
    void isNotRenewedForSomebodyElseNorForWhoWasRevoked() throws Exception {
        start("{client: 1d, server: 1d}");
        Node ann = new Node("ann");
        Node bob = new Node("bob");
        CoordinatorLink link = ann.link();
        assertThatThrownBy(() -> ann.renew(link, "bob", NodeKeys.freshTls()))
                .isInstanceOf(LinkRefusedException.class)
                .hasMessageContaining("names 'bob', and the certificate that was shown is of client 'ann'");
        assertThatThrownBy(() -> link.renew(
                        "ann", NodeKeys.freshTls(), bob.home.enrolled().agent().signingKey()))
                .isInstanceOf(LinkRefusedException.class)
                .hasMessageContaining("no signature of the client's signing key");
        assertThat(audited("renewal refused"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.actor()).isEqualTo("ann"))
                .anySatisfy(line -> assertThat(line.detail()).contains("names 'bob'"));
        // One that was renewed is revoked with all it has.
        List<X509Certificate> earlier = ann.tls().chain();
        CoordinatorLink renewed = ann.link();
        try (NodeHome.Alone process = ann.home.alone()) {
            Renewal.now(process, ann.home.enrolled().agent(), renewed);
        }
        coordinator.identities().revokeClient("ann", "laptop lost", "test");
        for (CoordinatorLink each : List.of(link, renewed)) {
            assertThatThrownBy(() -> ann.renew(each, "ann", NodeKeys.freshTls()))
                    .isInstanceOf(LinkRefusedException.class)
                    .hasMessageContaining("unknown, over or revoked");
        }
        assertThat(ann.tls().chain()).isNotEqualTo(earlier);
        assertThat(audited("call.refused"))
                .filteredOn(line -> line.subject().equals("sotto.wire.v1.Work/Renew"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.actor()).isEqualTo("CN=ann"));
        assertThat(audited("certificate renewed")).hasSize(1);
        bob.renew(bob.link(), "bob", NodeKeys.freshTls());
    }

    @Test
    void isRenewedAFewTimesInARowAndAsksAreThenPutOff() throws Exception {
        start("{client: 1d, server: 1d}");
        Node node = new Node("ward");
        CoordinatorLink link = node.link();
        NodeHome.Alone process = opened(node.home.alone());
        for (int i = 0; i < 6; i++) {
            Renewal.now(process, node.home.enrolled().agent(), link);
        }
        X509Certificate last = node.tls().certificate();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> Renewal.now(process, node.home.enrolled().agent(), link))
                    .isInstanceOf(LinkRefusedException.class)
                    .hasMessageContaining("client 'ward' has asked for a renewal too often; it may 6 times in a row,"
                            + " then once in 600 s, and so again from 20");
        }
        assertThat(audited("certificate renewed")).hasSize(6);
        assertThat(audited("renewal refused")).singleElement().satisfies(line -> assertThat(line.actor())
                .isEqualTo("ward"));
        assertThat(node.tls().certificate()).isEqualTo(last);
        requireLetIn(node);
    }

    @Test
    void ofANodeThatJoinedAnewEndsTheStreamOfTheOneBefore() throws Exception {
        start("{client: 1d, server: 1d}");
        Node before = new Node("ward");
        Listening heard = new Listening();
        CompletableFuture<String> end = run(before.link(), heard);
        until(() -> heard.heard.contains("connected"));
        JoinToken token = JoinToken.parse(coordinator
                .identities()
                .createJoinToken(Optional.of("ward"), Duration.ofDays(1), "test")
                .token());
        NodeKeys keys = NodeKeys.generate();
        NodeHome other = new NodeHome(folder.resolve("other-machine"));
        other.keep("ward", keys, CoordinatorLink.join(token, "ward", keys, "test", ProxyRules.of(Map.of())));
        // It tries again, with what it has, which does no more.
        assertThat(end.get(60, TimeUnit.SECONDS)).startsWith("refused: this certificate is unknown, over or revoked");
        assertThat(heard.heard)
                .element(1)
                .asString()
                .startsWith("disconnected: the certificate that it began with lets nobody in any more");
        assertThat(audited("call.ended")).singleElement().satisfies(line -> assertThat(
                        line.actor() + " " + line.subject())
                .isEqualTo("ward Attend"));
    }

    @Test
    void thatIsOverIsReplacedWithATokenAndTheNodeKeepsItsSigningKey() throws Exception {
        start("{client: 10s, server: 1d}");
        Node node = new Node("ward");
        NodeHome.Enrolled before = node.home.enrolled();
        until(() -> before.tls().certificate().getNotAfter().toInstant().isBefore(Instant.now()));
        assertThatThrownBy(() -> node.renew(node.link(), "ward", NodeKeys.freshTls()))
                .isInstanceOf(IOException.class);
        until(() -> !audited("certificate.refused").isEmpty());
        JoinToken token = JoinToken.parse(coordinator
                .identities()
                .createJoinToken(Optional.of("ward"), Duration.ofDays(1), "test")
                .token());
        try (NodeHome.Alone process = node.home.alone()) {
            KeyPair next = process.nextKey();
            Joined joined = CoordinatorLink.join(
                    token, "ward", NodeKeys.with(next, before.agent().signingKey()), "test", ProxyRules.of(Map.of()));
            process.renewed(next, joined.chain());
        }
        assertThat(node.home.enrolled().agent().signingKey())
                .isEqualTo(before.agent().signingKey());
        requireLetIn(node);
    }
}
