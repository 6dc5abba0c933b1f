package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final long LARGE = Turns.FIRST_BYTES;
    private static final long PATIENCE_SECONDS = 60;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private Turns turns(LongSupplier received, Duration patience) {
        return new Turns(received, timer, patience);
    }

    /** As many bytes a second as the coordinator can take, whoever sends them. */
    private static LongSupplier saturated() {
        long start = System.nanoTime();
        return () -> (System.nanoTime() - start) / 10;
    }

    /** Never steady, and so never judged. */
    private static LongSupplier rising() {
        long start = System.nanoTime();
        return () -> (long) (1e6 * Math.exp((System.nanoTime() - start) / 1e9));
    }

    private void ask(Turns turns, String task, long bytes) {
        turns.ask(task, bytes, System::nanoTime, now -> heard.add(task + (now ? "" : " later")));
    }

    private List<String> next(int answers) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            String one = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(one).as("answer " + (i + 1) + " after " + all).isNotNull();
            all.add(one);
        }
        return all;
    }

    @Test
    void largeUpdatesComeInTurnsAndInOrder() throws InterruptedException {
        Turns turns = turns(rising(), Duration.ofSeconds(PATIENCE_SECONDS));
        for (int i = 0; i < Turns.FIRST + 3; i++) {
            ask(turns, "t" + i, LARGE);
        }
        assertThat(next(Turns.FIRST)).containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7");
        turns.over("t5");
        turns.over("t9"); // while it waits: it hears so at once, and takes nobody's turn
        turns.over("t0");
        assertThat(next(3)).containsExactlyInAnyOrder("t8", "t9", "t10");
    }

    @Test
    void smallUpdatesDoNotWait() throws InterruptedException {
        Turns turns = turns(saturated(), Duration.ofSeconds(PATIENCE_SECONDS));
        for (int i = 0; i < 600; i++) {
            ask(turns, "t" + i, 100_000);
        }
        assertThat(next(600)).doesNotHaveDuplicates();
    }

    @Test
    void moreTurnsAreGivenOnceAndNotAgainIfTheyBringNoMore() throws InterruptedException {
        Turns turns = turns(saturated(), Duration.ofSeconds(PATIENCE_SECONDS));
        for (int i = 0; i < 8 * Turns.FIRST; i++) {
            ask(turns, "t" + i, LARGE);
        }
        next(2 * Turns.FIRST);
        assertThat(heard.poll(4, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void nobodyWaitsForClientsThatSendNothing() throws InterruptedException {
        Turns turns = turns(() -> 0, Duration.ofSeconds(PATIENCE_SECONDS));
        for (int i = 0; i < 8 * Turns.FIRST; i++) {
            ask(turns, "t" + i, LARGE);
        }
        assertThat(next(8 * Turns.FIRST)).hasSize(8 * Turns.FIRST);
    }

    @Test
    void whoSendsNothingLosesTheTurnHoweverMuchOthersSend() throws InterruptedException {
        Turns turns = turns(rising(), Duration.ofSeconds(PATIENCE_SECONDS));
        for (int i = 0; i < 3 * Turns.FIRST; i++) {
            String task = "t" + i;
            turns.ask(task, LARGE, () -> 0, now -> heard.add(task));
        }
        assertThat(next(3 * Turns.FIRST)).doesNotHaveDuplicates();
    }

    @Test
    void whoDoesNotAskHoldsUpNobodyWhoseUpdateHasRoom() throws InterruptedException {
        Turns turns = turns(rising(), Duration.ofSeconds(2));
        for (int i = 0; i < Turns.FIRST; i++) {
            ask(turns, "t" + i, LARGE / 100);
        }
        next(Turns.FIRST);
        ask(turns, "large", LARGE);
        assertThat(next(1)).containsExactly("large later");
        ask(turns, "small", LARGE / 100);
        assertThat(next(1)).containsExactly("small");
        ask(turns, "large", LARGE);
        ask(turns, "small too", LARGE / 100);
        turns.over("t0");
        turns.over("t1");
        turns.over("t2");
        assertThat(next(2)).as("large has kept its place").containsExactly("large", "small too");
    }

    @Test
    void whoAsksAgainKeepsThePlaceAndWhoHasATurnKeepsIt() throws InterruptedException {
        Turns turns = turns(rising(), Duration.ofSeconds(2));
        for (int i = 0; i < Turns.FIRST + 3; i++) {
            ask(turns, "t" + i, LARGE);
        }
        assertThat(next(Turns.FIRST)).doesNotContain("t8", "t9", "t10");
        assertThat(next(3)).containsExactly("t8 later", "t9 later", "t10 later");
        ask(turns, "t0", LARGE);
        assertThat(next(1)).containsExactly("t0");
        ask(turns, "t10", LARGE);
        ask(turns, "t9", LARGE);
        turns.over("t1");
        turns.over("t2");
        assertThat(next(2)).as("t8 does not ask, and holds up nobody").containsExactly("t9", "t10");
    }
}
