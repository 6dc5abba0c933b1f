package dev.sotto.folders.aggregator;

import dev.sotto.data.DataContext;
import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.LaunchReader;
import dev.sotto.folders.StatusBoard;
import dev.sotto.folders.mail.PostOffice;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A datasite's role as an aggregator: any number of projects at once, each on a thread of its own. */
public final class AggregatorDesk implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AggregatorDesk.class.getName());
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final PostOffice post;
    private final DatasiteSettings how;
    private final StatusBoard board;
    private final ProjectFiles files;
    private final Launching launching;
    private final TestSets tests;
    private final Clock clock;
    private final ExecutorService runs;

    /** A desk; {@link #resume} has it go on with what an earlier process left. */
    public AggregatorDesk(
            PostOffice post, DatasiteSettings how, LaunchReader reader, DataContext context, StatusBoard board)
            throws IOException {
        this.post = post;
        this.how = how;
        this.board = board;
        this.files = new ProjectFiles(post.datasite());
        this.launching = new Launching(post, how, reader, files, board);
        this.tests = new TestSets(context);
        this.clock = new Clock(how.poll());
        AtomicInteger number = new AtomicInteger();
        this.runs = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "sotto-project-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Goes on with all projects that are not over, or of whose end not everybody has heard. */
    public void resume() throws IOException {
        files.sessions().forEach(this::start);
    }

    /** Looks for new projects. */
    public void look() {
        launching.look().forEach(this::start);
    }

    private void start(String session) {
        try {
            Project project = files.load(session);
            if (!files.closed(project)) {
                runs.execute(new ProjectRun(post, files, clock, how, new ProjectBoard(post, board), tests, project));
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.SEVERE, "project " + session + " cannot be gone on with", e);
        }
    }

    /** Leaves all projects as they are; the next process goes on with them. */
    @Override
    public void close() {
        clock.stop();
        runs.shutdown();
        try {
            if (!runs.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                runs.shutdownNow();
            }
        } catch (InterruptedException e) {
            runs.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
