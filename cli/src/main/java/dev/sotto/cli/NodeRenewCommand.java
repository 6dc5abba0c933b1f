package dev.sotto.cli;

import dev.sotto.experiment.run.Version;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.node.NodeHome;
import dev.sotto.node.NodeIdentity;
import dev.sotto.node.Renewal;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.Joined;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto node renew. */
@Command(
        name = "renew",
        mixinStandardHelpOptions = true,
        description = {
            "Get a new key and certificate for a node that has joined. A running node does so by itself, while a third of its"
                    + " certificate's time is left; this is for one that is stopped.",
            "Without a token, while the certificate is valid. With one that the coordinator's operator made for this"
                    + " client, also after it was over or revoked. Ledger and id stay."
        },
        footer = {
            "",
            "Examples:",
            "  sotto node renew",
            "  sotto node renew sotto1.bG9jYWxob3N0... --home /var/lib/sotto",
            "",
            "How long it is valid: sotto doctor --home DIR."
        })
final class NodeRenewCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "TOKEN",
            description = "What 'sotto coordinator token CLIENT' printed for this client.")
    private String token;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "node",
            description = "The node's folder, where it joined; by default ${DEFAULT-VALUE}.")
    private Path home;

    @Override
    public Integer call() throws IOException {
        NodeHome folder = new NodeHome(home);
        NodeHome.Enrolled enrolled = folder.enrolled();
        try (NodeHome.Alone alone = folder.alone()) {
            TlsIdentity renewed = token == null
                    ? overTheOldOne(alone, folder, enrolled)
                    : withToken(alone, enrolled.agent(), JoinToken.parse(token));
            Console.of(spec)
                    .result("node " + enrolled.agent().client() + " has a new key and certificate, valid until "
                            + renewed.certificate().getNotAfter().toInstant());
        }
        return 0;
    }

    private static TlsIdentity overTheOldOne(NodeHome.Alone alone, NodeHome folder, NodeHome.Enrolled enrolled)
            throws IOException {
        try (CoordinatorLink link = new CoordinatorLink(NodeLinks.of(folder, enrolled))) {
            return Renewal.now(alone, enrolled.agent(), link);
        }
    }

    /** Ledgers and sessions know the coordinator by its authority, so the token must be of the same. */
    private static TlsIdentity withToken(NodeHome.Alone alone, NodeIdentity agent, JoinToken parsed)
            throws IOException {
        if (!HexFormat.of().formatHex(parsed.authority()).equals(agent.authority())) {
            throw new ConfigException("TOKEN: it is of another coordinator than " + agent.coordinator() + ", which this"
                    + " node has joined; another coordinator needs another --home ('sotto node join')");
        }
        if (!parsed.client().orElse(agent.client()).equals(agent.client())) {
            throw new ConfigException(
                    "TOKEN: it is for client '" + parsed.client().get() + "', and this node is '" + agent.client()
                            + "'; ask for one of 'sotto coordinator token " + agent.client() + "'");
        }
        KeyPair next = alone.nextKey();
        Joined joined = CoordinatorLink.join(
                parsed,
                agent.client(),
                NodeKeys.with(next, agent.signingKey()),
                Version.current(),
                ProxyRules.of(System.getenv()));
        return alone.renewed(next, joined.chain());
    }
}
