package dev.sotto.folders.owner;

import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.PrivateData;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Counterpart;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.sealed.KeyCard;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The owner's data, once it is there, and the desks at which others may ask for it. Of the polling thread. */
final class DataShelf {
    private static final Logger LOG = Logger.getLogger(DataShelf.class.getName());
    private static final long AGAIN = TimeUnit.SECONDS.toNanos(2);
    private static final int MEBI = 20;

    private final PostOffice post;
    private final PrivateData source;
    private final Owner owner;
    private final Optional<ClientSettings> settings;
    private final DatasiteSettings how;
    private final Map<String, OfferDesk> desks = new HashMap<>();
    private Optional<OwnedExamples> data = Optional.empty();
    private Optional<Semaphore> memory = Optional.empty();
    private String problem = "";
    private long tried = System.nanoTime() - AGAIN;

    DataShelf(
            PostOffice post, PrivateData source, Owner owner, Optional<ClientSettings> settings, DatasiteSettings how) {
        this.post = post;
        this.source = source;
        this.owner = owner;
        this.settings = settings;
        this.how = how;
    }

    /** The data; looked for again now and then until it is there. */
    Optional<OwnedExamples> data() {
        if (data.isEmpty() && System.nanoTime() - tried >= AGAIN) {
            tried = System.nanoTime();
            try {
                data = source.load().map(this::checked);
                problem = data.isPresent() ? "" : "no data was added yet";
            } catch (RuntimeException e) {
                String line = Lines.of(e);
                if (!line.equals(problem)) {
                    LOG.log(Level.WARNING, "the private data cannot be used: {0}", line);
                }
                problem = line;
            }
        }
        return data;
    }

    private OwnedExamples checked(OwnedExamples loaded) {
        if (how.testSeed().isPresent() && !loaded.file().testData()) {
            throw new ConfigException(loaded.file().name() + ": test-data: a seed takes all privacy away, so a datasite"
                    + " draws from one only where test-data is true; leave --insecure-test-seed out");
        }
        memory = Optional.of(new Semaphore(permits(loaded.file().limits().memory())));
        return loaded;
    }

    /** Why there is none, for the owner alone. */
    String problem() {
        return problem;
    }

    /** The desk for one aggregator; there must be data. */
    OfferDesk desk(KeyCard aggregator) {
        return desks.computeIfAbsent(aggregator.name(), name -> {
            OfferDesk desk = new OfferDesk(
                    data.orElseThrow(),
                    new Counterpart(
                            post.datasite().email().clientId(),
                            aggregator.name(),
                            aggregator.authority(),
                            aggregator.signing()),
                    owner,
                    settings,
                    how.testSeed().isPresent()
                            ? Randomness.seeded(how.testSeed().getAsLong())
                            : Randomness.secret());
            if (desk.declare()) {
                LOG.log(
                        Level.WARNING,
                        "data set ''{0}'' is not what it was: what was spent on it counts on, and what was approved must"
                                + " be approved anew. If other records came in, give it a new id that inherits from this one",
                        data.orElseThrow().file().dataSet());
            }
            return desk;
        });
    }

    /** Memory that is left for tasks, in units of {@link #permits}. */
    Semaphore memory() {
        return memory.orElseThrow();
    }

    static int permits(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes >> MEBI) + 1);
    }
}
