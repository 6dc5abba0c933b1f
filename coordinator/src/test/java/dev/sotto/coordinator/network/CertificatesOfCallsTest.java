package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.wire.v1.Alive;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.ToNode;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The stream of a node that is connected")
class CertificatesOfCallsTest {
    private static final FromNode ALIVE =
            FromNode.newBuilder().setAlive(Alive.getDefaultInstance()).build();

    @TempDir
    private Path folder;

    private TestNetwork network;
    private final List<RawNode> open = new ArrayList<>();

    private void start(Duration heartbeat) throws IOException {
        network = new TestNetwork(folder, Duration.ofSeconds(20), 64 << 20, heartbeat);
    }

    @AfterEach
    void stop() {
        open.forEach(RawNode::close);
        network.close();
    }

    private RawNode connected(Member member) throws InterruptedException {
        RawNode node = new RawNode(network, member);
        open.add(node);
        node.next(ToNode.SaidCase.WELCOME);
        // It is welcomed before it is listed.
        TestNetwork.until(() -> network.reach().connected().contains(member.id()));
        return node;
    }

    private void endsToBeginAnew(RawNode node) throws Exception {
        TestNetwork.until(() -> {
            open.forEach(each -> each.say(ALIVE)); // or they would be taken for dead
            return node.end.isDone();
        });
        Status end = node.end.join();
        assertThat(end.getCode()).as("a node tries again").isEqualTo(Status.Code.ABORTED);
        assertThat(end.getDescription()).contains("the certificate that it began with lets nobody in any more");
    }

    @Test
    void endsWhenItsCertificateIsOver() throws Exception {
        start(Duration.ofSeconds(2));
        RawNode lasting = connected(network.join("bob"));
        network.gate.issueFor(Duration.ofSeconds(6));
        Member ann = network.join("ann");
        RawNode brief = connected(ann);
        endsToBeginAnew(brief);
        assertThat(ann.identity().certificate().getNotAfter()).isInThePast();
        TestNetwork.until(() -> network.reach().connected().equals(Set.of("bob")));
        assertThat(network.gate.audited())
                .filteredOn(line -> line.contains("call.ended"))
                .containsExactly(
                        "ann call.ended Attend: the certificate that it began with lets nobody in any more; it is"
                                + " over, replaced or revoked");
        assertThat(lasting.end).isNotDone();
    }

    @Test
    void endsWhenItsCertificateIsNobodysAlthoughNobodySaysSo() throws Exception {
        start(Duration.ofSeconds(2));
        RawNode anns = connected(network.join("ann"));
        RawNode bobs = connected(network.join("bob"));
        network.gate.forget("ann");
        endsToBeginAnew(anns);
        assertThat(bobs.end).isNotDone();
    }

    @Test
    void endsAtOnceWhenItsClientJoinsAnewAndTheNewCertificateIsLetIn() throws Exception {
        start(Duration.ofDays(1));
        RawNode before = connected(network.join("ann"));
        RawNode bobs = connected(network.join("bob"));
        Member anew = network.join("ann");
        endsToBeginAnew(before);
        RawNode after = connected(anew);
        assertThat(after.end).isNotDone();
        assertThat(bobs.end).isNotDone();
        // Whoever still has the old keys does not come back with them.
        RawNode again = new RawNode(network, before.member());
        open.add(again);
        assertThat(again.end.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(after.end).isNotDone();
    }
}
