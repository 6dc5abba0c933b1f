package dev.sotto.cli;

import dev.sotto.experiment.run.Version;
import dev.sotto.formats.ShellWord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.node.NodeHome;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.Joined;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto node join. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = {
            "Enrol this node at a coordinator, once. The node makes its own keys; the coordinator certifies them and binds"
                    + " the certificate to one client id.",
            "The token comes from the coordinator's operator and is good for one node."
        },
        footer = {
            "",
            "Examples:",
            "  sotto node join sotto1.bG9jYWxob3N0...",
            "  sotto node join sotto1.bG9jYWxob3N0... --home /var/lib/sotto",
            "",
            "The token names the coordinator's authority, so that no other can take its place, and",
            "mostly what this node is called.",
            "Keys stay in DIR/identity, readable by their owner alone."
        })
final class NodeJoinCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "TOKEN", description = "What the coordinator's operator handed out.")
    private String token;

    @Option(
            names = "--id",
            paramLabel = "CLIENT",
            description = "What the federation calls this node; by default what the token is for, or the name of this"
                    + " machine if that is for any.")
    private String id;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "node",
            description = "The node's folder; by default ${DEFAULT-VALUE}.")
    private Path home;

    @Override
    public Integer call() throws IOException {
        NodeHome folder = new NodeHome(home);
        if (folder.joined()) {
            throw new ConfigException(home + ": this node has joined "
                    + folder.enrolled().agent().coordinator() + " already; another coordinator needs another --home,"
                    + " another certificate 'sotto node renew TOKEN'");
        }
        JoinToken parsed = JoinToken.parse(token);
        String client = client(parsed.client());
        NodeKeys keys = NodeKeys.generate();
        Joined joined = CoordinatorLink.join(parsed, client, keys, Version.current(), ProxyRules.of(System.getenv()));
        folder.keep(client, keys, joined);
        Console.of(spec)
                .result("joined " + joined.coordinatorId() + " as " + client
                        + "; now try: sotto node start --data node.yaml"
                        + (home.toString().equals("node") ? "" : " --home " + ShellWord.of(home)));
        return 0;
    }

    private String client(Optional<String> tokens) {
        if (id != null && tokens.isPresent() && !tokens.get().equals(id)) {
            throw new ConfigException("--id " + id + ": the token is for client '" + tokens.get() + "'; leave --id out,"
                    + " or ask for a token for '" + id + "'");
        }
        return id == null ? tokens.orElseGet(NodeJoinCommand::hostName) : id;
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            return name.replaceFirst("\\..*", "").replaceAll("[^a-z0-9-]", "-");
        } catch (UnknownHostException e) {
            throw new ConfigException("--id: this machine has no name; give the node one");
        }
    }
}
