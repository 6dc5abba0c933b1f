package dev.sotto.wire;

/** What nodes and coordinators agree on. */
public final class Protocol {
    /** Grows when one side would misunderstand the other. */
    public static final int VERSION = 1;

    private Protocol() {}
}
