package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pieces that partitioners share: the check on the number of clients, shuffling, and cutting by sizes. */
final class Deal {
    private Deal() {}

    static void check(Examples examples, int clients) {
        if (clients < 1) {
            throw new DataException("clients is " + clients + "; there must be at least 1");
        }
        if (clients > examples.size()) {
            throw new DataException("clients is " + clients + ", but there are only " + examples.size()
                    + " examples; each client needs at least one");
        }
    }

    static int[] shuffled(int size, SeededRandom random) {
        int[] order = ordered(size);
        random.shuffle(order);
        return order;
    }

    static int[] ordered(int size) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        return order;
    }

    /** Cuts an order into consecutive pieces of these sizes; what is left over belongs to nobody. */
    static Partition cut(int[] order, int[] sizes) {
        List<int[]> clients = new ArrayList<>(sizes.length);
        int from = 0;
        for (int size : sizes) {
            clients.add(Arrays.copyOfRange(order, from, from + size));
            from += size;
        }
        return new Partition(clients);
    }

    /**
     * Whole sizes in proportion to the weights (largest remainders first) that sum to the total, none of them zero:
     * each client gets one, and the rest is shared by weight.
     */
    static int[] sizes(int total, double[] weights) {
        int spare = total - weights.length;
        double sum = Arrays.stream(weights).sum();
        int[] sizes = new int[weights.length];
        double[] remainder = new double[weights.length];
        int given = 0;
        for (int c = 0; c < weights.length; c++) {
            // What the client should have beyond the one that everybody gets, never below zero.
            double ideal = Math.max(0, total * (weights[c] / sum) - 1);
            sizes[c] = (int) Math.floor(ideal);
            remainder[c] = ideal - sizes[c];
            given += sizes[c];
        }
        Integer[] byRemainder = Arrays.stream(ordered(weights.length)).boxed().toArray(Integer[]::new);
        Arrays.sort(byRemainder, (a, b) -> Double.compare(remainder[b], remainder[a]));
        for (int k = 0; given < spare; k = (k + 1) % sizes.length) {
            sizes[byRemainder[k]]++;
            given++;
        }
        while (given > spare) {
            int largest = 0;
            for (int c = 1; c < sizes.length; c++) {
                largest = sizes[c] > sizes[largest] ? c : largest;
            }
            sizes[largest]--;
            given--;
        }
        for (int c = 0; c < sizes.length; c++) {
            sizes[c]++;
        }
        return sizes;
    }
}
