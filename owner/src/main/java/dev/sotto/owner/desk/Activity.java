package dev.sotto.owner.desk;

import dev.sotto.learning.LocalTraining;
import dev.sotto.owner.ledger.SessionKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an owner's process works on now, for the owner to watch. Whoever works says so here; nothing in it comes from data:
 * rounds and steps are part of what was agreed to. Thread-safe.
 */
public final class Activity {
    private final Map<Long, Work> works = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile Optional<Ended> last = Optional.empty();

    /** What is done. */
    public enum Kind {
        /** The model is trained on the data. */
        TRAINING,
        /** The model is evaluated on data that was held out. */
        EVALUATION
    }

    /**
     * Work under way.
     *
     * @param dataSet the owner's id of the data
     * @param round from 1
     * @param rounds that the session has
     * @param step steps done
     * @param steps of the round; 0 until the first is done, and for an evaluation
     * @param since when it began
     */
    public record Current(
            SessionKey key, String dataSet, Kind kind, int round, int rounds, int step, int steps, Instant since) {}

    /**
     * Work that ended.
     *
     * @param what as it was at the end
     * @param at when
     */
    public record Ended(Current what, Instant at) {}

    /** Work under way, until it is closed. */
    public final class Work implements AutoCloseable {
        private final long number = numbers.incrementAndGet();
        private volatile Current current;

        private Work(Current begun) {
            current = begun;
        }

        /** Steps were done. */
        public void step(int done, int of) {
            Current now = current;
            current =
                    new Current(now.key(), now.dataSet(), now.kind(), now.round(), now.rounds(), done, of, now.since());
        }

        @Override
        public void close() {
            if (works.remove(number) != null) {
                last = Optional.of(new Ended(current, Instant.now()));
            }
        }
    }

    /** Says that work begins. */
    public Work begin(SessionKey key, String dataSet, Kind kind, int round, int rounds) {
        Work work = new Work(new Current(key, dataSet, kind, round, rounds, 0, 0, Instant.now()));
        works.put(work.number, work);
        return work;
    }

    /** Does something with a session's network, and says so while it lasts. */
    public <T> T during(Kind kind, HostedSession session, int round, HostedSession.Work<T> task) {
        return during(kind, session, round, (done, of) -> {}, task);
    }

    /** The same, and tells somebody else of each step too. */
    public <T> T during(
            Kind kind, HostedSession session, int round, LocalTraining.Watcher also, HostedSession.Work<T> task) {
        var terms = session.owner().terms();
        return session.work(training -> {
            try (Work work = begin(
                    terms.key(), terms.dataSet(), kind, round, terms.plan().rounds())) {
                training.watched((done, of) -> {
                    work.step(done, of);
                    also.step(done, of);
                });
                return task.with(training);
            } finally {
                training.watched((done, of) -> {});
            }
        });
    }

    /** What is under way, in the order in which it began. */
    public List<Current> now() {
        return works.values().stream().map(work -> work.current).toList();
    }

    /** What ended last, if anything did. */
    public Optional<Ended> last() {
        return last;
    }
}
