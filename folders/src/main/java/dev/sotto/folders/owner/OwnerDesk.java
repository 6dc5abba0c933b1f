package dev.sotto.folders.owner;

import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.PrivateData;
import dev.sotto.folders.StatusBoard;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.owner.Owner;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.wire.sealed.KeyCard;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A datasite's role as a data owner: any number of projects, of which none can hold up another. Looked at by one thread. */
public final class OwnerDesk implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OwnerDesk.class.getName());
    private static final Duration DRAIN = Duration.ofSeconds(60);

    private final PostOffice post;
    private final AskedFiles files;
    private final OfferScan scan;
    private final OwnerContext context;
    private final ExecutorService workers;
    private final Map<String, OwnerProject> projects = new LinkedHashMap<>();
    private final Map<String, String> said = new LinkedHashMap<>();

    /** A desk; {@link #resume} has it go on with what an earlier process left. */
    public OwnerDesk(
            PostOffice post,
            DatasiteSettings how,
            Owner owner,
            PrivateData data,
            Optional<ClientSettings> settings,
            StatusBoard board,
            int threads)
            throws IOException {
        this.post = post;
        this.files = new AskedFiles(post.datasite());
        this.scan = new OfferScan(post);
        AtomicInteger number = new AtomicInteger();
        this.workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "sotto-worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.context = new OwnerContext(
                post,
                how,
                owner,
                files,
                new Mirror(post.datasite()),
                new DataShelf(post, data, owner, settings, how),
                board,
                workers,
                () -> (int)
                        projects.values().stream().filter(OwnerProject::hosting).count(),
                asked -> namesakes(asked).anyMatch(each -> !each.asked().over()),
                asked -> namesakes(asked).anyMatch(OwnerProject::hosting));
        owner.sweep();
    }

    private Stream<OwnerProject> namesakes(Asked asked) {
        return projects.values().stream()
                .filter(each -> each.asked().project().equals(asked.project())
                        && !each.asked().id().equals(asked.id()));
    }

    /** Goes on with all projects that it was asked for. */
    public void resume() throws IOException {
        for (Asked asked : files.all()) {
            enter(asked);
        }
    }

    private void enter(Asked asked) throws IOException {
        Optional<KeyCard> card = post.datasite().pins().of(asked.aggregator());
        if (card.isPresent()) {
            projects.put(asked.id(), new OwnerProject(context, card.get(), asked));
        }
    }

    /** Looks for what is new. */
    public void look() {
        for (Asked offer :
                scan.look(projects.values().stream().map(OwnerProject::asked).toList())) {
            attempt(offer.id(), () -> {
                if (projects.containsKey(offer.id())) {
                    projects.get(offer.id()).offered(offer);
                } else {
                    files.save(offer);
                    enter(offer);
                }
            });
        }
        projects.forEach((id, project) -> attempt(id, project::step));
    }

    private interface Step {
        void go() throws IOException;
    }

    /** What is wrong with one project is said, and is no other's trouble. */
    private void attempt(String id, Step step) {
        try {
            step.go();
            said.remove(id);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            if (!e.toString().equals(said.put(id, e.toString()))) {
                LOG.log(Level.SEVERE, "project " + id + " cannot be worked on now", e);
            }
        }
    }

    /** Lets tasks that are under way come to their end, for a minute; what was released is kept. */
    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "a task did not end in time; what it reserved stays spent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }
}
