package dev.sotto.coordinator.network;

import dev.sotto.wire.v1.ToNode;
import io.grpc.Status;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes that are connected, one connection each: the newest, since a node that comes again has lost the one before. */
final class Connections {
    private final Map<String, Connection> byClient = new ConcurrentHashMap<>();

    void enter(Connection connection) {
        Connection before = byClient.put(connection.client(), connection);
        if (before != null) {
            before.end(Status.ABORTED.withDescription("the client has connected again"));
        }
    }

    /** Whether it was the client's connection until now. */
    boolean leave(Connection connection) {
        return byClient.remove(connection.client(), connection);
    }

    /** Forgets a client's connection, which somebody else ends; empty if it has none. */
    Optional<Connection> forget(String client) {
        return Optional.ofNullable(byClient.remove(client));
    }

    Optional<Connection> of(String client) {
        return Optional.ofNullable(byClient.get(client));
    }

    Set<String> clients() {
        return Set.copyOf(byClient.keySet());
    }

    Collection<Connection> all() {
        return List.copyOf(byClient.values());
    }

    void send(String client, ToNode message) {
        of(client).ifPresent(connection -> connection.send(message));
    }
}
