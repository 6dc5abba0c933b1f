package dev.sotto.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which examples each client holds: {@code clients.get(c)} are the indices of client c. Every client holds at least
 * one example and no example is with two clients, which is what lets example-level budgets of clients be compared by
 * their maximum. Do not change the arrays.
 */
public record Partition(List<int[]> clients) {
    public Partition {
        clients = List.copyOf(clients);
        BitSet seen = new BitSet();
        for (int c = 0; c < clients.size(); c++) {
            if (clients.get(c).length == 0) {
                throw new IllegalArgumentException("client " + c + " has no examples");
            }
            for (int index : clients.get(c)) {
                if (seen.get(index)) {
                    throw new IllegalArgumentException("example " + index + " is with two clients");
                }
                seen.set(index);
            }
        }
    }

    /** Number of clients. */
    public int size() {
        return clients.size();
    }

    /** Number of examples that a client holds. */
    public int examples(int client) {
        return clients.get(client).length;
    }

    /** One view per client. */
    public List<Examples> of(Examples examples) {
        List<Examples> views = new ArrayList<>(clients.size());
        for (int[] indices : clients) {
            views.add(examples.select(indices));
        }
        return views;
    }

    /** Sizes and class counts, to print or plot. */
    public PartitionSummary summary(Examples examples) {
        return PartitionSummary.of(this, examples);
    }
}
