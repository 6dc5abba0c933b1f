package dev.sotto.coordinator;

import dev.sotto.node.NodeAgent;
import dev.sotto.node.NodeHome;
import dev.sotto.node.Uplink;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.LinkRefusedException;
import dev.sotto.node.link.LinkSettings;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Request;
import dev.sotto.wire.Address;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A data owner and a node that runs, in this process and over real sockets. */
final class Ward implements AutoCloseable {
    static final String VERSION = "0.0.ward";

    private final Owner owner;
    private final CoordinatorLink link;
    private final NodeAgent agent;

    /**
     * Joins and connects.
     *
     * @param policy entries of node.yaml's
     */
    Ward(Coordinator coordinator, Path folder, String id, int rows, String policy) throws IOException {
        NodeHome node = new NodeHome(folder.resolve(id));
        NodeKeys keys = NodeKeys.generate();
        JoinToken token = JoinToken.parse(coordinator
                .identities()
                .createJoinToken(Optional.of(id), Duration.ofDays(1), "test")
                .token());
        node.keep(id, keys, CoordinatorLink.join(token, id, keys, VERSION, ProxyRules.of(Map.of())));
        NodeHome.Enrolled enrolled = node.enrolled();
        owner = Owner.open(node.folder());
        link = new CoordinatorLink(LinkSettings.of(
                Address.parse(coordinator.address()),
                enrolled.tls(),
                enrolled.tls().chain().get(1),
                ProxyRules.of(Map.of()),
                node.cache(),
                VERSION,
                "jvm"));
        Path yaml = Files.writeString(folder.resolve(id + ".yaml"), """
                data-set: rows-%s
                data: {source: generated, kind: classification, train: %d}
                policy: {%s}
                """.formatted(id, rows, policy));
        agent = new NodeAgent(
                OwnedExamples.load(OwnerFile.read(yaml)),
                enrolled.agent(),
                owner,
                node.cache(),
                Uplink.over(link),
                Optional.empty(),
                Optional.empty());
        Thread runner = new Thread(this::run, "ward-" + id);
        runner.setDaemon(true);
        runner.start();
    }

    private void run() {
        try {
            link.run(agent);
        } catch (LinkRefusedException e) {
            agent.shutOut();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Owner owner() {
        return owner;
    }

    NodeAgent agent() {
        return agent;
    }

    private Request request() throws InterruptedException {
        for (int n = 0; owner.requests().all().isEmpty(); n++) {
            if (n == 6000) {
                throw new AssertionError("nobody asks this owner");
            }
            Thread.sleep(10);
        }
        return owner.requests().all().get(0);
    }

    void approve(int rounds) throws InterruptedException {
        ApprovalLimits limits =
                new ApprovalLimits(rounds, Optional.empty(), Instant.now().plus(Duration.ofDays(1)));
        owner.requests().approve(request(), limits, owner.key());
    }

    void revoke(String reason) throws InterruptedException {
        owner.requests().revoke(request(), reason, owner.key());
    }

    @Override
    public void close() {
        agent.shutOut();
        link.close();
        agent.close();
        owner.close();
    }
}
