package dev.sotto.folders.owner;

import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.Launch;
import dev.sotto.folders.PrivateData;
import dev.sotto.folders.StatusBoard;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A datasite's role as a data owner: any number of projects, of which none can hold up another. Looked at by one thread. */
public final class OwnerDesk implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OwnerDesk.class.getName());
    private static final int MOST_DONE = 100_000;
    private static final int MOST_FILES = 1000;
    private static final Duration DRAIN = Duration.ofSeconds(60);

    private final PostOffice post;
    private final AskedFiles files;
    private final OfferScan scan;
    private final OwnerContext context;
    private final ExecutorService workers;
    private final Map<String, OwnerProject> projects = new LinkedHashMap<>();
    private final Map<String, String> said = new LinkedHashMap<>();
    /** Projects that were over before this process began. */
    private final Set<String> records = new HashSet<>();

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
                new Activity(),
                () -> (int)
                        projects.values().stream().filter(OwnerProject::hosting).count(),
                this::shared);
        owner.sweep();
    }

    /** What is worked on now. */
    public Activity activity() {
        return context.activity();
    }

    /** Goes on with all projects that it was asked for. */
    public void resume() throws IOException {
        for (AskedProject asked : files.all()) {
            if (asked.over()) {
                records.add(folded(asked.project()));
            }
            enter(asked);
        }
    }

    private void enter(AskedProject asked) throws IOException {
        Optional<KeyCard> card = post.datasite().pins().of(asked.aggregator());
        if (card.isPresent()) {
            projects.put(asked.id(), new OwnerProject(context, card.get(), asked));
        }
    }

    /** Looks for what is new. */
    public void look() {
        clearDone();
        for (AskedProject offer :
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

    /** What is asked, and lies in {@code done/} before it is over, was moved there by somebody to keep it from being seen. */
    private void clearDone() {
        GuardedFolder done = post.datasite().own(Names.CLIENT, Names.DONE);
        try {
            post.clear(done);
            for (String name : done.names(MOST_DONE)) {
                if (Launch.isName(name) && early(done, name)) {
                    post.quarantine().take(done, name, "it lies in done/, and the project is not over");
                }
            }
        } catch (IOException e) {
            post.quarantine().note(done.path(), "it cannot be looked at: " + Lines.of(e));
        }
    }

    private boolean early(GuardedFolder done, String name) throws IOException {
        if (records.contains(folded(name))) {
            return false;
        }
        boolean known = false;
        for (OwnerProject each : projects.values()) {
            if (each.asked().project().equalsIgnoreCase(name)) {
                if (each.asked().over()) {
                    return false;
                }
                known = true;
            }
        }
        return known
                || done.below(name).names(MOST_FILES).stream().anyMatch(Names::isOffer)
                || done.below(name).stamp(Names.PACKAGE_FILE).isPresent();
    }

    /** Not every file system tells cases apart, so two names that differ only in that may be one folder. */
    private static String folded(String project) {
        return project.toLowerCase(Locale.ROOT);
    }

    /** Whether a project that goes on has the folder of another, which is over: two may be called the same. */
    private boolean shared(AskedProject asked) {
        return projects.values().stream()
                .anyMatch(each -> each.hosting()
                        && each.asked().project().equalsIgnoreCase(asked.project())
                        && !each.asked().id().equals(asked.id()));
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
