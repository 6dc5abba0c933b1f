package dev.sotto.folders;

import dev.sotto.data.DataContext;
import dev.sotto.folders.aggregator.AggregatorDesk;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.folders.mail.Quarantine;
import dev.sotto.folders.owner.OwnerDesk;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.settings.ClientSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs one datasite in both roles: launches and runs projects, and takes part in those that it is asked for. Everything that it
 * needs to go on is in the private tree, so it may be killed at any time. Threads of its own; thread-safe.
 */
public final class DatasiteService implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DatasiteService.class.getName());
    private static final long DRAIN_SECONDS = 60;

    private final Datasite datasite;
    private final DatasiteSettings how;
    private final FileChannel alone;
    private final Owner owner;
    private final PostOffice post;
    private final AggregatorDesk aggregator;
    private final OwnerDesk owned;
    private final ScheduledExecutorService looking = Executors.newScheduledThreadPool(3, task -> {
        Thread thread = new Thread(task, "sotto-folders");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A service, not started yet.
     *
     * @param launches reads what is dropped into {@code launch/}
     * @param data of the owner; {@link PrivateData#NONE} for a datasite that only aggregates
     * @param settings of the owner's training; empty for what packages say
     * @param context where central test data lies
     * @throws dev.sotto.formats.config.ConfigException if another process runs the datasite
     */
    public DatasiteService(
            Datasite datasite,
            DatasiteSettings how,
            LaunchReader launches,
            PrivateData data,
            Optional<ClientSettings> settings,
            DataContext context) {
        this.datasite = datasite;
        this.how = how;
        this.alone = datasite.alone();
        try {
            StatusBoard board = new StatusBoard(datasite);
            this.owner = Owner.open(datasite.home());
            this.post = new PostOffice(datasite);
            this.aggregator = new AggregatorDesk(post, how, launches, context, board);
            int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            this.owned = new OwnerDesk(post, how, owner, data, settings, board, threads);
        } catch (IOException e) {
            throw new UncheckedIOException(datasite + ": it cannot be used: " + e.getMessage(), e);
        }
    }

    /** Starts to look at folders; returns at once. */
    public void start() {
        try {
            post.publish();
            owned.resume();
            aggregator.resume();
        } catch (IOException e) {
            throw new UncheckedIOException(datasite + ": it cannot be used: " + e.getMessage(), e);
        }
        every("what was posted", post::guard);
        every("launches", aggregator::look);
        every("requests", owned::look);
    }

    private void every(String what, Runnable look) {
        var unused = looking.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException | OutOfMemoryError e) {
                        LOG.log(Level.SEVERE, what + " cannot be looked at now", e);
                    }
                },
                0,
                how.poll().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Whose it is. */
    public Datasite datasite() {
        return datasite;
    }

    /** What the owner keeps: its ledger and requests. */
    public Owner owner() {
        return owner;
    }

    /** What the owner's side works on now. */
    public Activity activity() {
        return owned.activity();
    }

    /** How its projects stand. */
    public List<ProjectStatus> projects() {
        return ProjectStatus.all(datasite);
    }

    /** What was refused in folders, and why, oldest first. */
    public List<Quarantine.Line> refused() {
        try {
            return post.quarantine().lines();
        } catch (IOException e) {
            throw new UncheckedIOException(datasite + ": the quarantine cannot be read: " + e.getMessage(), e);
        }
    }

    /** Lets training that is under way come to its end, for a minute, and stops. Projects go on when it is started again. */
    @Override
    public void close() {
        looking.shutdown();
        try {
            if (!looking.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                looking.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        aggregator.close();
        owned.close();
        owner.close();
        try {
            alone.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the lock of " + datasite + " cannot be let go", e);
        }
    }
}
