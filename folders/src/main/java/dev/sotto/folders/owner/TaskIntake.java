package dev.sotto.folders.owner;

import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Finds the tasks of a project, the latest of each kind, and has them worked on, one at a time. */
final class TaskIntake {
    private static final Pattern TRAIN = Pattern.compile("agg_model_round_(\\d{1,6})");
    private static final Pattern EVALUATE = Pattern.compile("eval_model_round_(\\d{1,6})");
    private static final int MOST_NAMES = 20_000;

    private final OwnerContext context;
    private final KeyCard aggregator;
    private final Correspondence letters;
    private final Object lock = new Object();
    private Optional<Job> running = Optional.empty();
    private Optional<Job> waiting = Optional.empty();
    private boolean stopped;

    /** A task, and when an answer no longer counts. */
    private record Job(Task task, byte[] vectors, HostedSession session, long deadline) {
        boolean late() {
            return System.nanoTime() - deadline > 0;
        }
    }

    TaskIntake(OwnerContext context, KeyCard aggregator, Correspondence letters) {
        this.context = context;
        this.aggregator = aggregator;
        this.letters = letters;
    }

    /** Looks for newer tasks, or the same again; gives how far the project is. */
    AskedProject look(AskedProject asked, HostedSession session) throws IOException {
        GuardedFolder folder =
                context.post().datasite().own(Names.CLIENT, Names.RUNNING, asked.project(), Names.AGGREGATES);
        context.post().clear(folder);
        List<String> names = folder.names(MOST_NAMES);
        AskedProject now = asked;
        Optional<Letter> train = latest(folder, names, TRAIN, 1, asked.round(), asked, session, Names.TASK);
        if (train.isPresent()) {
            now = now.at(train.get().header().round(), now.evaluated());
        }
        Optional<Letter> evaluate =
                latest(folder, names, EVALUATE, 0, asked.evaluated(), asked, session, Names.EVALUATE);
        if (evaluate.isPresent()) {
            now = now.at(now.round(), evaluate.get().header().round());
        }
        if (!now.equals(asked)) {
            context.files().save(now);
        }
        train.ifPresent(letter -> take(letter, session, TaskKind.TRAIN));
        evaluate.ifPresent(letter -> take(letter, session, TaskKind.EVALUATE));
        return now;
    }

    /** The latest letter under names that count rounds; earlier ones than were taken are not even looked at. */
    private Optional<Letter> latest(
            GuardedFolder folder,
            List<String> names,
            Pattern pattern,
            int ahead,
            int from,
            AskedProject asked,
            HostedSession session,
            String kind) {
        int last = session.terms().plan().rounds();
        // Whoever puts very many files there must not hide one behind them.
        IntStream named = names.size() == MOST_NAMES
                ? IntStream.rangeClosed(Math.max(1, from), last)
                : names.stream()
                        .map(pattern::matcher)
                        .filter(Matcher::matches)
                        .mapToInt(match -> Integer.parseInt(match.group(1)) + ahead);
        int[] rounds = named.filter(round -> round >= Math.max(1, from) && round <= last)
                .distinct()
                .boxed()
                .sorted(Comparator.reverseOrder())
                .mapToInt(Integer::intValue)
                .toArray();
        long most = 2L * Float.BYTES * session.parameters() + Parts.MOST_MESSAGE;
        for (int round : rounds) {
            String name = ahead == 1 ? Names.model(round - 1) : Names.evaluated(round);
            Expected expected = new Expected(asked.session(), kind, round, aggregator, most);
            Optional<Letter> letter = context.post().take(folder, name, expected);
            if (letter.isPresent()) {
                return letter;
            }
        }
        return Optional.empty();
    }

    private void take(Letter letter, HostedSession session, TaskKind kind) {
        try {
            Parts.Read<Task> read = Parts.read(letter.content(), Task.parser());
            Task task = read.message();
            if (!task.getSession().equals(letter.header().project())
                    || task.getRound() != letter.header().round()
                    || task.getKind() != kind) {
                throw new IOException("it is signed as " + letter.header().kind() + " of round "
                        + letter.header().round() + ", and is of session " + Lines.of(task.getSession()) + ", round "
                        + task.getRound());
            }
            long seconds =
                    task.getSeconds() == 0 ? TimeUnit.DAYS.toSeconds(365) : Integer.toUnsignedLong(task.getSeconds());
            enter(new Job(task, read.rest(), session, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)));
        } catch (IOException e) {
            context.post()
                    .quarantine()
                    .note(
                            context.post()
                                    .datasite()
                                    .own(Names.CLIENT, Names.RUNNING)
                                    .path(),
                            Lines.of(e));
        }
    }

    private void enter(Job job) {
        synchronized (lock) {
            if (stopped) {
                return;
            }
            waiting = Optional.of(job);
            if (running.isEmpty()) {
                next();
            }
        }
    }

    /** Under the lock. */
    private void next() {
        running = waiting;
        waiting = Optional.empty();
        running.ifPresent(job -> context.workers().execute(() -> work(job)));
    }

    private void work(Job job) {
        Semaphore memory = context.shelf().memory();
        int needed = DataShelf.permits(job.session().memory());
        try {
            memory.acquire(needed);
            try {
                new RoundWork(
                                letters,
                                context.activity(),
                                job.session(),
                                job.task(),
                                job.vectors(),
                                () -> wanted(job),
                                () -> context.owner()
                                        .requests()
                                        .decision(job.session().owner().request()))
                        .run();
            } finally {
                memory.release(needed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (lock) {
                running = Optional.empty();
                next();
            }
        }
    }

    private boolean wanted(Job job) {
        synchronized (lock) {
            boolean newer = waiting.filter(
                            next -> next.task().getRound() > job.task().getRound())
                    .isPresent();
            return !stopped && !newer && !job.late();
        }
    }

    /** Takes no more tasks. */
    void stop() {
        synchronized (lock) {
            stopped = true;
            waiting = Optional.empty();
        }
    }

    boolean idle() {
        synchronized (lock) {
            return running.isEmpty();
        }
    }
}
