package dev.sotto.cli;

import dev.sotto.experiment.run.Version;
import dev.sotto.formats.ShellWord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.Engine;
import dev.sotto.node.NodeHome;
import dev.sotto.node.link.LinkSettings;
import dev.sotto.wire.proxy.ProxyRules;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** How a node that has joined reaches its coordinator. */
final class NodeLinks {
    private NodeLinks() {}

    /** The settings of its link; one line if its certificate is over, since nobody would let it in. */
    static LinkSettings of(NodeHome home, NodeHome.Enrolled enrolled) {
        var chain = enrolled.tls().chain();
        X509Certificate own = enrolled.tls().certificate();
        if (own.getNotAfter().toInstant().isBefore(Instant.now())) {
            throw new ConfigException(home.folder() + ": the node's certificate was valid until "
                    + own.getNotAfter().toInstant() + "; have the coordinator's operator make a token for it ('sotto"
                    + " coordinator token " + enrolled.agent().client() + "'), then run 'sotto node renew TOKEN --home "
                    + ShellWord.of(home.folder()) + "'");
        }
        return LinkSettings.of(
                enrolled.address(),
                enrolled.tls(),
                chain.get(chain.size() - 1),
                ProxyRules.of(System.getenv()),
                home.cache(),
                Version.current(),
                Engine.named("jvm").description());
    }
}
