package dev.sotto.coordinator.network;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a coordinator listens.
 *
 * @param host address to listen on
 * @param port 0 for any that is free
 * @param coordinatorId as nodes are told
 * @param heartbeat how often nodes say that they are alive; one that is silent for three is gone
 * @param patience how long a call may stand still in the middle of something
 * @param clientCalls calls that a client may have open at once
 * @param memory bytes of arriving updates that are kept in memory; what is beyond arrives in files
 * @param spool folder for those files; emptied at the start
 */
public record NetworkSettings(
        String host,
        int port,
        String coordinatorId,
        Duration heartbeat,
        Duration patience,
        int clientCalls,
        long memory,
        Path spool) {
    private static final long MOST_MEMORY = 512L << 20;

    /** The usual: a heartbeat of 15 s, 30 s of patience, 8 calls, and a quarter of the heap, at most 512 MiB. */
    public static NetworkSettings of(String host, int port, String coordinatorId, Path spool) {
        long memory = Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / 4);
        return new NetworkSettings(
                host, port, coordinatorId, Duration.ofSeconds(15), Duration.ofSeconds(30), 8, memory, spool);
    }
}
