package dev.sotto.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Whom to kill, and when: the same for the same seed. Times between kills are exponential, as of accidents that know nothing
 * of each other, but for the longest. Victims come from a shuffled pack, again and again, so that nobody is spared for long.
 */
final class ChaosSchedule {
    private static final double MEAN_SECONDS = 10;
    private static final double MOST_SECONDS = 30;
    private static final double MOST_SECONDS_DOWN = 2;

    private final SplittableRandom random;
    private final List<String> names;
    private final List<String> pack = new ArrayList<>();

    ChaosSchedule(long seed, List<String> names) {
        this.random = new SplittableRandom(seed);
        this.names = List.copyOf(names);
    }

    /**
     * A kill.
     *
     * @param pause since the one before
     * @param victim whom
     * @param down how long before it is started again
     */
    record Kill(Duration pause, String victim, Duration down) {}

    Kill next() {
        double pause = Math.min(MOST_SECONDS, -MEAN_SECONDS * Math.log(1 - random.nextDouble()));
        if (pack.isEmpty()) {
            pack.addAll(names);
        }
        String victim = pack.remove(random.nextInt(pack.size()));
        return new Kill(seconds(pause), victim, seconds(MOST_SECONDS_DOWN * random.nextDouble()));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (1000 * seconds));
    }
}
