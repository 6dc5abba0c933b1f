package dev.sotto.node.link;

import java.io.IOException;

/** The coordinator does not want this node, or not so: trying again changes nothing. The message is its one line. */
public final class LinkRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    LinkRefusedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
