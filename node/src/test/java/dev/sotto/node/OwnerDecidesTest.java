package dev.sotto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Request;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.Withdraw;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node whose owner decides")
class OwnerDecidesTest {
    private static final String TERMS =
            Ward.terms(3, "privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}\n");

    @TempDir
    private Path folder;

    private Ward ward;

    @BeforeEach
    void start() throws IOException {
        ward = new Ward(folder, "");
    }

    @AfterEach
    void stop() {
        ward.close();
    }

    private Offer offer(String session) {
        return ward.offer(session, TERMS, 2);
    }

    private Request pending(String session) throws InterruptedException {
        assertThat(ward.answer(offer(session)).hasPending()).isTrue();
        return ward.request(session);
    }

    private TaskRefused refused(String session, int round) throws Exception {
        ward.agent()
                .task(ward.task(session, round, TaskKind.TRAIN, Ward.model(0)).build());
        return ward.coordinator().next(FromNode::hasRefused).getRefused();
    }

    @Test
    void answersByItselfOnceTheOwnerHasApproved() throws Exception {
        Request request = pending("s-1");
        assertThat(ward.agent().sessions()).isEmpty();
        TaskRefused early = refused("s-1", 1);
        assertThat(early.getRefusal().getMessage()).contains("takes no part");
        // Another process: the owner's command line, or the owner's page.
        try (Owner elsewhere = Owner.open(folder)) {
            elsewhere
                    .requests()
                    .approve(
                            elsewhere.requests().find(request.shortId()),
                            new dev.sotto.owner.request.ApprovalLimits(
                                    3, Optional.empty(), java.time.Instant.now().plusSeconds(3600)),
                            elsewhere.key());
        }
        Answer answer = ward.nextAnswer();
        assertThat(answer.getSession()).isEqualTo("s-1");
        assertThat(answer.getAccepted().getExamples()).isEqualTo(300);
        assertThat(ward.agent().sessions()).containsExactly("s-1");
        ward.agent().task(ward.task("s-1", 1, TaskKind.TRAIN, Ward.model(0)).build());
        assertThat(ward.coordinator().nextDelivery().header().getRound()).isEqualTo(1);
    }

    @Test
    void tellsTheReasonByItselfOnceTheOwnerHasRejected() throws Exception {
        Request request = pending("s-1");
        ward.owner()
                .requests()
                .reject(request, "ask the board first", ward.owner().key());
        Answer answer = ward.nextAnswer();
        assertThat(answer.getRefused().getReason()).isEqualTo(Reason.POLICY);
        assertThat(answer.getRefused().getMessage()).isEqualTo("the owner rejected it: ask the board first");
        assertThat(ward.answer(offer("s-1")).getRefused().getMessage()).contains("ask the board first");
        assertThat(ward.reserved()).isZero();
    }

    @Test
    void stopsBeforeTheNextRoundWithTheOwnersReasonAndSendsNothingMoreOfWhatItReleased() throws Exception {
        Request request = pending("s-1");
        ward.approve(request, 3, Optional.empty());
        ward.nextAnswer();
        var first = ward.task("s-1", 1, TaskKind.TRAIN, Ward.model(0)).build();
        ward.agent().task(first);
        ward.coordinator().nextDelivery();
        ward.owner()
                .requests()
                .revoke(request, "consent was withdrawn", ward.owner().key());
        TaskRefused refused = refused("s-1", 2);
        assertThat(refused.getRefusal().getReason()).isEqualTo(Reason.POLICY);
        assertThat(refused.getRefusal().getMessage()).contains("revoked the approval: consent was withdrawn");
        TaskRefused again = refused("s-1", 1);
        assertThat(again.getRefusal().getReason()).isEqualTo(Reason.POLICY);
        assertThat(again.getRefusal().getMessage()).contains("revoked the approval: consent was withdrawn");
        assertThat(ward.reserved()).isEqualTo(1);
        assertThat(ward.answer(offer("s-1")).getRefused().getMessage()).contains("consent was withdrawn");
    }

    @Test
    void goesOnAfterARestartWithWhatWasApprovedAndWaitsForTheRest() throws Exception {
        ward.approve(pending("s-1"), 3, Optional.empty());
        assertThat(ward.nextAnswer().hasAccepted()).isTrue();
        Request second = pending("s-2");
        ward.done(ward.task("s-1", 1, TaskKind.TRAIN, Ward.model(0)).build());
        ward.restart();
        assertThat(ward.agent().sessions()).containsExactly("s-1");
        ward.done(ward.task("s-1", 2, TaskKind.TRAIN, Ward.model(0)).build());
        assertThat(ward.reserved()).isEqualTo(2);
        assertThat(ward.answer(offer("s-2")).hasPending()).isTrue();
        assertThat(ward.request("s-2")).isEqualTo(second);
        ward.approve(second, 3, Optional.empty());
        assertThat(ward.nextAnswer().hasAccepted()).isTrue();
    }

    @Test
    void doesNotGoOnAfterARestartWithWhatWasRevokedMeanwhile() throws Exception {
        Request request = pending("s-1");
        ward.approve(request, 3, Optional.empty());
        ward.nextAnswer();
        ward.owner().requests().revoke(request, "no more", ward.owner().key());
        ward.restart();
        assertThat(ward.agent().sessions()).isEmpty();
    }

    @Test
    void asksAnewWhenTheSessionIsPlannedForOtherClients() throws Exception {
        ward.approve(pending("s-1"), 3, Optional.empty());
        ward.nextAnswer();
        assertThat(ward.answer(ward.offer("s-1", TERMS, 3)).hasPending()).isTrue();
        assertThat(ward.agent().sessions()).isEmpty();
        assertThat(refused("s-1", 1).getRefusal().getMessage()).contains("takes no part");
        ward.approve(ward.request("s-1"), 3, Optional.empty());
        assertThat(ward.nextAnswer().hasAccepted()).isTrue();
    }

    @Test
    void forgetsASessionThatEndedBeforeTheOwnerDecided() throws Exception {
        Request request = pending("s-1");
        ward.agent()
                .over(SessionOver.newBuilder()
                        .setSession("s-1")
                        .setEnding("stopped")
                        .build());
        pending("s-2"); // the desk has done with the end by now
        assertThat(ward.owner().requests().ending(request)).contains("stopped");
        ward.approve(request, 3, Optional.empty());
        ward.approve(ward.request("s-2"), 3, Optional.empty());
        assertThat(ward.nextAnswer().getSession()).isEqualTo("s-2");
        assertThat(ward.agent().sessions()).containsExactly("s-2");
    }

    @Test
    void notesAnEndThatItHeardOfRightBeforeItStopped() throws Exception {
        ward.approve(pending("s-1"), 3, Optional.empty());
        assertThat(ward.nextAnswer().hasAccepted()).isTrue();
        Thread stopping = new Thread(ward.agent()::close, "test-stopping");
        AtHand gate = ward.coordinator();
        synchronized (gate) { // which gives no package meanwhile, so that the end waits behind an offer
            ward.agent().offer(offer("s-2"));
            ward.agent()
                    .over(SessionOver.newBuilder()
                            .setSession("s-1")
                            .setEnding("completed")
                            .build());
            stopping.start();
            while (stopping.getState() != Thread.State.TIMED_WAITING && stopping.isAlive()) {
                Thread.sleep(1);
            }
        }
        stopping.join();
        ward.restart();
        assertThat(ward.agent().sessions()).isEmpty();
    }

    @Test
    void nothingThatACoordinatorSaysForgesALineOfTheOwnersLog() throws Exception {
        String forged = "s\n2026-01-01 INFO session x: approved by the owner\u001b[2K\u202e";
        List<String> lines = new ArrayList<>();
        Handler hearing = new Handler() {
            @Override
            public void publish(LogRecord line) {
                synchronized (lines) {
                    lines.add(line.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("dev.sotto.node");
        log.addHandler(hearing);
        try {
            Answer answer =
                    ward.answer(offer("s-1").toBuilder().setSession(forged).build());
            assertThat(answer.getRefused().getReason()).isEqualTo(Reason.PACKAGE);
            ward.agent()
                    .over(SessionOver.newBuilder()
                            .setSession(forged)
                            .setEnding(forged)
                            .build());
            ward.agent()
                    .over(SessionOver.newBuilder()
                            .setSession("s-9")
                            .setEnding(forged)
                            .build());
            ward.approve(pending("s-1"), 3, Optional.empty());
            ward.nextAnswer();
            refused(forged, 1);
            var task = ward.task("s-1", 1, TaskKind.TRAIN, Ward.model(0)).build();
            ward.agent().task(task);
            ward.agent()
                    .withdraw(Withdraw.newBuilder()
                            .setTask(task.getId())
                            .setReason(forged)
                            .build());
            ward.agent().disconnected(forged, java.time.Duration.ofSeconds(1));
            pending("s-3");
        } finally {
            log.removeHandler(hearing);
        }
        synchronized (lines) {
            assertThat(lines).hasSizeGreaterThan(6).allSatisfy(line -> assertThat(line)
                    .doesNotContain("\n", "\u001b", "\u202e"));
        }
        assertThat(ward.coordinator().lines())
                .allSatisfy(line -> assertThat(line).doesNotContain("\n", "\u001b"));
        assertThat(ward.owner().requests().all())
                .noneMatch(each -> each.key().session().contains("\n"));
    }

    @Test
    void aCoordinatorHasANameThatForgesNothing() {
        KeyPair keys = SigningKey.generate();
        for (String id : List.of("", "a\nb", "a\u2028b")) {
            assertThatThrownBy(() -> new NodeIdentity("hospital", id, "ab", keys.getPublic(), keys.getPrivate()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("\n");
        }
    }
}
