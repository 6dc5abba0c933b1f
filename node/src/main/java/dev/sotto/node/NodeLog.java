package dev.sotto.node;

import dev.sotto.formats.Printable;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.LogLines;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What a node says of itself: to its own log, and, of a session, to the coordinator. What goes there is known to it anyhow, or
 * says nothing of the data: no counts, losses or times.
 */
final class NodeLog {
    private static final Logger LOG = Logger.getLogger("dev.sotto.node");

    private final Uplink uplink;
    private final String label;

    /** Labels each line if nothing here is private. */
    NodeLog(Uplink uplink, boolean seeded) {
        this.uplink = uplink;
        this.label = seeded ? "[test seed, not private] " : "";
    }

    /** A line for the owner alone; whatever a coordinator put into it, it stays one line. */
    void local(Level level, String line) {
        LOG.log(level, () -> label + Printable.line(line));
    }

    /** The same with what went wrong. */
    void local(String line, Throwable cause) {
        LOG.log(Level.SEVERE, cause, () -> label + Printable.line(line));
    }

    /** A line for both. */
    void both(String session, String line) {
        local(Level.INFO, "session " + session + ": " + line);
        uplink.send(FromNode.newBuilder()
                .setLog(LogLines.newBuilder().setSession(session).addLine(label + Printable.line(line)))
                .build());
    }
}
