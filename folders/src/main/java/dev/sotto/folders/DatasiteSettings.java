package dev.sotto.folders;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How a datasite runs.
 *
 * @param poll how often folders are looked at: synced folders tell of no changes that could be relied on
 * @param approveBySyncedMove whether moving {@code request/<project>} to {@code running/} in the synced tree is an approval.
 *     Whoever may write there could approve in the owner's name, so it is only where the owner says that nobody else can
 * @param launchFromSynced whether what is dropped into {@code launch/} in the synced tree is launched; likewise
 * @param testSeed draws everything from a seed, so that nothing is private; empty for secret randomness
 */
public record DatasiteSettings(
        Duration poll, boolean approveBySyncedMove, boolean launchFromSynced, OptionalLong testSeed) {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public DatasiteSettings {
        if (poll.compareTo(SHORTEST) < 0 || poll.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "poll is " + poll.toMillis() + " ms; it must be 10 milliseconds to 10 minutes");
        }
    }

    /** Twice a second; nothing in the synced tree is taken for an order; secret randomness. */
    public static DatasiteSettings usual() {
        return new DatasiteSettings(POLL, false, false, OptionalLong.empty());
    }

    /** The same, looking that often. */
    public DatasiteSettings polling(Duration often) {
        return new DatasiteSettings(often, approveBySyncedMove, launchFromSynced, testSeed);
    }

    /** The same with randomness that can be drawn again: tests only. */
    public DatasiteSettings seeded(long seed) {
        return new DatasiteSettings(poll, approveBySyncedMove, launchFromSynced, OptionalLong.of(seed));
    }

    /** The same where nobody but the owner can write to the owner's synced tree. */
    public DatasiteSettings trustingSyncedTree() {
        return new DatasiteSettings(poll, true, true, testSeed);
    }
}
