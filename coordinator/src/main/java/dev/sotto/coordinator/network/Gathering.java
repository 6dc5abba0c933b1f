package dev.sotto.coordinator.network;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.Reach.Answered;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Who has accepted an offer so far. Thread-safe. */
final class Gathering {
    private final int wanted;
    private final int asked;
    private final Consumer<Answered> heard;
    private final Map<String, Acceptance> accepted = new LinkedHashMap<>();
    private final Set<String> refused = new HashSet<>();

    /** Until as many as are wanted have accepted, whoever else refuses: somebody may yet come. */
    Gathering(int wanted, Consumer<Answered> heard) {
        this(wanted, Integer.MAX_VALUE, heard);
    }

    /**
     * The same, or until nobody is left who could.
     *
     * @param asked how many there are
     */
    Gathering(int wanted, int asked, Consumer<Answered> heard) {
        this.wanted = wanted;
        this.asked = asked;
        this.heard = heard;
    }

    void accepts(Acceptance acceptance) {
        String client = acceptance.profile().id();
        // Before anybody can go on with the roster, so that it is not told after what follows from it.
        heard.accept(Answered.accepted(client));
        synchronized (this) {
            refused.remove(client);
            // Whoever comes after there are enough is too late; whoever accepts again says the same or corrects it.
            if (accepted.size() < wanted || accepted.containsKey(client)) {
                accepted.put(client, acceptance);
                notifyAll();
            }
        }
    }

    void refuses(String client, String reason) {
        takesBack(client);
        heard.accept(Answered.refused(client, reason));
        synchronized (this) {
            refused.add(client);
            notifyAll();
        }
    }

    /** A person decides; whatever the client then says counts as long as the session gathers. */
    void waits(String client) {
        takesBack(client);
        heard.accept(Answered.pending(client));
    }

    private synchronized void takesBack(String client) {
        accepted.remove(client);
        refused.remove(client);
    }

    /** Waits for as many as are wanted, or until no more can come or the time is over; by client id. */
    synchronized List<Acceptance> await(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toMillis();
                accepted.size() < wanted && accepted.size() + refused.size() < asked && left > 0;
                left = (deadline - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return List.copyOf(new TreeMap<>(accepted).values());
    }
}
