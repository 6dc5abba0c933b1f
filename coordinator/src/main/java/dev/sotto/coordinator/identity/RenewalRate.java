package dev.sotto.coordinator.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often each client may ask for another certificate. To read what it sends and to sign what it gets is work, and who has
 * joined could ask without end. So many times at once, for a node that is killed again and again in the middle of its renewal;
 * then once in a while, so that none is shut out for long. It bounds work, so a restart may forget it. Thread-safe.
 */
final class RenewalRate {
    /** Times at once. */
    static final int AT_ONCE = 6;

    /** Between two later ones; less where certificates live for minutes. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /** Whoever asks no oftener in a certificate's life is never refused. */
    private static final int IN_A_LIFE = 16;

    private final long waitNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Asked> byClient = new HashMap<>();

    /** Until when what was asked is made up for, and whether a refusal since then was told. */
    private record Asked(long even, boolean told) {}

    /**
     * A refusal.
     *
     * @param reason in one line
     * @param first whether it is the first since the client was last let do it
     */
    record Refusal(String reason, boolean first) {}

    /** None has asked so far; certificates are valid for that long. */
    RenewalRate(Duration life, LongSupplier nanoTime) {
        Duration part = life.dividedBy(IN_A_LIFE);
        this.waitNanos = (part.compareTo(LONGEST_WAIT) < 0 ? part : LONGEST_WAIT).toNanos();
        this.nanoTime = nanoTime;
    }

    /** Counts a client's question, unless it comes too soon. */
    synchronized Optional<Refusal> ask(String client) {
        long now = nanoTime.getAsLong();
        Asked before = byClient.getOrDefault(client, new Asked(now, false));
        long debt = Math.max(0, before.even() - now);
        long tooSoon = debt - (AT_ONCE - 1) * waitNanos;
        if (tooSoon <= 0) {
            byClient.put(client, new Asked(now + debt + waitNanos, false));
            return Optional.empty();
        }
        byClient.put(client, new Asked(before.even(), true));
        return Optional.of(new Refusal(reason(client, tooSoon), !before.told()));
    }

    private String reason(String client, long tooSoon) {
        Instant again = Instant.now().plusNanos(tooSoon).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
        return "client '" + client + "' has asked for a renewal too often; it may " + AT_ONCE
                + " times in a row, then once in "
                + Math.max(1, Duration.ofNanos(waitNanos).toSeconds())
                + " s, and so again from " + again + " on";
    }
}
