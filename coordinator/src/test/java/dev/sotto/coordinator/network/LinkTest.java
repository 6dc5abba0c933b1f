package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.Reach.Answered;
import dev.sotto.coordinator.store.Answer.Decision;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.Handler;
import dev.sotto.node.link.Joined;
import dev.sotto.node.link.LinkRefusedException;
import dev.sotto.node.link.LinkSettings;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.Address;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Authorities;
import dev.sotto.wire.v1.Accepted;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Pending;
import dev.sotto.wire.v1.Progress;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.Welcome;
import dev.sotto.wire.v1.Withdraw;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A link")
class LinkTest {
    @TempDir
    Path folder;

    private TestNetwork network;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        network = new TestNetwork(folder);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        network.close();
    }

    /** Writes down what it hears. */
    private static class Listening implements Handler {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public List<String> sessions() {
            return List.of();
        }

        @Override
        public void connected(Welcome welcome) {
            heard.add("welcome " + welcome.getClientId() + " to " + welcome.getCoordinatorId());
        }

        @Override
        public void disconnected(String reason, Duration retry) {
            heard.add("disconnected: " + reason);
        }

        @Override
        public void offer(Offer offer) {
            heard.add("offer " + offer.getSession());
        }

        @Override
        public void task(Task task) {
            heard.add("task");
        }

        @Override
        public void withdraw(Withdraw withdraw) {
            heard.add("withdraw");
        }

        @Override
        public void over(SessionOver over) {
            heard.add("over " + over.getSession() + ": " + over.getEnding());
        }
    }

    private CompletableFuture<String> run(CoordinatorLink link, Handler handler) {
        open.add(link);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        link.run(handler);
                        return "closed";
                    } catch (LinkRefusedException e) {
                        return e.getMessage();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return "interrupted";
                    }
                },
                TestNetwork.OWN_THREAD);
    }

    @Test
    void joinsOnceForEachToken() throws Exception {
        JoinToken token = network.token(network.address());
        NodeKeys keys = NodeKeys.generate();
        ProxyRules direct = ProxyRules.of(Map.of());
        Joined joined = CoordinatorLink.join(JoinToken.parse(token.text()), "ann", keys, "1", direct);
        assertThat(joined.coordinatorId()).isEqualTo("test coordinator");
        assertThat(joined.chain().get(0).getPublicKey()).isEqualTo(keys.tls().getPublic());
        assertThat(joined.authority()).isEqualTo(network.authority.certificate());
        assertThatThrownBy(() -> CoordinatorLink.join(token, "eve", NodeKeys.generate(), "1", direct))
                .isInstanceOf(LinkRefusedException.class)
                .hasMessage("the coordinator refuses to let eve join: this token is unknown, or was used");
        assertThat(network.gate.audited()).anyMatch(line -> line.startsWith("stranger join refused eve"));
    }

    @Test
    void joinsNobodyButTheCoordinatorOfItsToken() throws Exception {
        JoinToken token = network.token(network.address());
        byte[] other = Authorities.keyDigest(new TestAuthority("test authority").certificate());
        ProxyRules direct = ProxyRules.of(Map.of());
        JoinToken forged = new JoinToken(token.address(), other, token.secret(), Optional.empty());
        assertThatThrownBy(() -> CoordinatorLink.join(forged, "ann", NodeKeys.generate(), "1", direct))
                .hasMessageContaining("authority is not the one that the join token names");
        JoinToken misled = new JoinToken(
                new Address("localhost", network.port()), token.authority(), token.secret(), Optional.empty());
        assertThatThrownBy(() -> CoordinatorLink.join(misled, "ann", NodeKeys.generate(), "1", direct))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("localhost");
        // Neither has cost the token.
        CoordinatorLink.join(token, "ann", NodeKeys.generate(), "1", direct);
    }

    @Test
    void goesThroughAProxyThatTunnels() throws Exception {
        try (Wire proxy = new Wire(network.port()).asProxy()) {
            ProxyRules rules = ProxyRules.of(Map.of("https_proxy", "http://" + proxy.address()));
            JoinToken token = network.token(new Address("coordinator.test", 8443));
            Joined joined = CoordinatorLink.join(token, "ann", NodeKeys.generate(), "1", rules);
            assertThat(joined.address()).hasToString("coordinator.test:8443");
            assertThat(proxy.up()).isPositive();
        }
    }

    @Test
    void comesBackByItselfWhenTheConnectionBreaksOrTheCoordinatorRestarts() throws Exception {
        Member ann = network.join("ann");
        try (Wire wire = new Wire(network.port())) {
            Listening handler = new Listening();
            CoordinatorLink link = new CoordinatorLink(network.settings(ann, wire.address()));
            CompletableFuture<String> run = run(link, handler);
            TestNetwork.until(() -> welcomes(handler) == 1);
            wire.cut();
            TestNetwork.until(() -> welcomes(handler) == 2);
            network.restart();
            TestNetwork.until(() -> welcomes(handler) == 3);
            assertThat(handler.heard)
                    .contains("welcome ann to test coordinator")
                    .anyMatch(line -> line.startsWith("disconnected: "));
            TestNetwork.until(() -> network.reach().connected().contains("ann"));
            link.close();
            assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo("closed");
            TestNetwork.until(() -> network.reach().connected().isEmpty());
        }
    }

    private static long welcomes(Listening handler) {
        return handler.heard.stream().filter(line -> line.startsWith("welcome")).count();
    }

    @Test
    void saysNothingBeforeItsHelloSinceWhoTrainsMeanwhileMaySpeakAtAnyTime() throws Exception {
        Member ann = network.join("ann");
        CoordinatorLink link = new CoordinatorLink(network.settings(ann, network.address()));
        FromNode progress = FromNode.newBuilder()
                .setProgress(Progress.newBuilder().setTask("t").setTenths(3))
                .build();
        List<Boolean> said = new CopyOnWriteArrayList<>();
        Listening handler = new Listening() {
            @Override
            public List<String> sessions() {
                said.add(link.send(progress)); // the call has begun, and hello is about to be said
                return super.sessions();
            }
        };
        CompletableFuture<String> run = run(link, handler);
        TestNetwork.until(() -> welcomes(handler) == 1 || run.isDone());
        assertThat(run).isNotDone();
        assertThat(said).containsExactly(false);
        assertThat(link.send(progress)).isTrue();
    }

    @Test
    void noticesACoordinatorThatHasGoneSilent() throws Exception {
        network.close();
        network = new TestNetwork(folder.resolve("quick"), Duration.ofSeconds(20), 64 << 20, Duration.ofSeconds(1));
        Member ann = network.join("ann");
        try (Wire wire = new Wire(network.port())) {
            Listening handler = new Listening();
            CompletableFuture<String> run = run(new CoordinatorLink(network.settings(ann, wire.address())), handler);
            TestNetwork.until(() -> welcomes(handler) == 1);
            wire.slow(1); // so slow that nothing gets through
            TestNetwork.until(() -> handler.heard.stream().anyMatch(line -> line.contains("silent for 3 s")));
            TestNetwork.until(() -> network.reach().connected().isEmpty());
            assertThat(run).isNotDone();
        }
    }

    @Test
    void endsWhenItsCertificateIsRevokedAndSaysWhy() throws Exception {
        Member ann = network.join("ann");
        Listening handler = new Listening();
        LinkSettings settings = network.settings(ann, network.address());
        CompletableFuture<String> run = run(new CoordinatorLink(settings), handler);
        TestNetwork.until(() -> welcomes(handler) == 1);
        network.gate.revoke("ann");
        assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo("client ann was revoked");
        assertThat(run(new CoordinatorLink(settings), new Listening()).get(60, TimeUnit.SECONDS))
                .isEqualTo("this certificate is unknown, over or revoked");
    }

    private static FromNode answer(Answer.Builder answer) {
        return FromNode.newBuilder().setAnswer(answer.setSession("s")).build();
    }

    @Test
    void isOfferedSessionsUntilEnoughHaveAccepted() throws Exception {
        RawNode cid = new RawNode(network, network.join("cid"));
        open.add(cid);
        cid.next(ToNode.SaidCase.WELCOME);
        List<Answered> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<List<Acceptance>> roster = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return network.reach().gather(network.offer("s", 2), 2, 1, Duration.ofMinutes(2), heard::add);
                    } catch (InterruptedException | IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                TestNetwork.OWN_THREAD);
        Offer offer = cid.next(ToNode.SaidCase.OFFER).getOffer();
        assertThat(offer.getClients()).isEqualTo(2);
        cid.say(answer(Answer.newBuilder().setAccepted(Accepted.newBuilder().setExamples(-5))));
        TestNetwork.until(() -> heard.size() == 1);
        cid.say(answer(Answer.newBuilder().setPending(Pending.getDefaultInstance())));
        TestNetwork.until(() -> heard.size() == 2);
        cid.say(answer(Answer.newBuilder()
                .setAccepted(Accepted.newBuilder().setExamples(5).setEpsilon(3).setDelta(1e-5))));
        RawNode ann = new RawNode(network, network.join("ann")); // later than the offer
        open.add(ann);
        ann.next(ToNode.SaidCase.OFFER);
        assertThat(roster).isNotDone();
        ann.say(answer(Answer.newBuilder()
                .setAccepted(Accepted.newBuilder().setExamples(7).setHeldOut(2))));
        List<Acceptance> accepted = roster.get(60, TimeUnit.SECONDS);
        assertThat(accepted).extracting(each -> each.profile().id()).containsExactly("ann", "cid");
        assertThat(accepted.get(0).heldOut()).hasValue(2);
        assertThat(accepted.get(1).epsilon()).hasValue(3);
        assertThat(accepted.get(1).delta()).hasValue(1e-5);
        assertThat(heard)
                .extracting(Answered::decision)
                .containsExactly(Decision.REFUSED, Decision.PENDING, Decision.ACCEPTED, Decision.ACCEPTED);
        assertThat(heard.get(1).reason()).isEqualTo("waiting for the owner of cid to decide");
        network.reach().fleet(network.offer("s", 2), accepted, network.rules(Duration.ofSeconds(1), 0));

        network.reach().over("s", "completed");
        assertThat(ann.next(ToNode.SaidCase.OVER).getOver().getEnding()).isEqualTo("completed");
        RawNode back = new RawNode(network, network.join("bob"), "s"); // was away when it ended
        open.add(back);
        assertThat(back.next(ToNode.SaidCase.OVER).getOver().getEnding()).isEqualTo("completed");
    }

    @Test
    void whoseOwnerDecidesAfterTheSessionHasGoneOnIsToldSo() throws Exception {
        RawNode cid = new RawNode(network, network.join("cid"));
        RawNode dan = new RawNode(network, network.join("dan"));
        open.addAll(List.of(cid, dan));
        cid.next(ToNode.SaidCase.WELCOME);
        dan.next(ToNode.SaidCase.WELCOME);
        List<Answered> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<List<Acceptance>> roster = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return network.reach().gather(network.offer("s", 2), 2, 1, Duration.ofSeconds(6), heard::add);
                    } catch (InterruptedException | IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                TestNetwork.OWN_THREAD);
        dan.next(ToNode.SaidCase.OFFER);
        dan.say(answer(Answer.newBuilder().setPending(Pending.getDefaultInstance())));
        cid.next(ToNode.SaidCase.OFFER);
        cid.say(answer(Answer.newBuilder().setAccepted(Accepted.newBuilder().setExamples(5))));
        List<Acceptance> accepted = roster.get(60, TimeUnit.SECONDS);
        assertThat(accepted).extracting(each -> each.profile().id()).containsExactly("cid");
        assertThat(heard).contains(Answered.pending("dan"));

        network.reach().fleet(network.offer("s", 1), accepted, network.rules(Duration.ofSeconds(1), 0));
        dan.say(answer(Answer.newBuilder().setAccepted(Accepted.newBuilder().setExamples(7))));
        assertThat(dan.next(ToNode.SaidCase.OVER).getOver().getEnding()).isEqualTo("it goes on without this client");
    }

    @Test
    void isNotWaitedForLongerThanTheTimeToGather() throws Exception {
        List<Acceptance> none =
                network.reach().gather(network.offer("s", 2), 2, 2, Duration.ofMillis(200), answer -> {});
        assertThat(none).isEmpty();
    }
}
