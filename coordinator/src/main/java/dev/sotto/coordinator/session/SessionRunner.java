package dev.sotto.coordinator.session;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.Reach.Answered;
import dev.sotto.coordinator.session.Reach.Offer;
import dev.sotto.coordinator.session.Reach.RoundRules;
import dev.sotto.coordinator.store.Answer.Decision;
import dev.sotto.coordinator.store.Lease;
import dev.sotto.coordinator.store.LeaseLostException;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.Federation;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.TestData;
import dev.sotto.privacy.random.Randomness;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Runs one session on a thread of its own, from wherever the database says it stands to a terminal state. Whatever is thrown
 * on the way is that state's reason. Only a process that ends leaves a session as it is, for the next one to go on with.
 */
final class SessionRunner implements Runnable {
    private static final Logger LOG = Logger.getLogger(SessionRunner.class.getName());
    private static final int ATTEMPTS = 6;

    private final Lease lease;
    private final String id;
    private final SessionRecords records;
    private final SessionFiles files;
    private final Reach reach;
    private final SessionEvents events;
    private final SessionMeter meter;
    private final RunnerSwitch asked = new RunnerSwitch();
    private final InRound inRound = new InRound();

    SessionRunner(
            Lease lease,
            SessionRecords records,
            SessionFiles files,
            Reach reach,
            SessionEvents events,
            SessionMeter meter) {
        this.lease = lease;
        this.id = lease.session();
        this.records = records;
        this.files = files;
        this.reach = reach;
        this.events = events;
        this.meter = meter;
    }

    /** How a session ends. */
    private record End(SessionState state, Optional<String> reason) {
        static End failed(String reason) {
            return new End(SessionState.FAILED, Optional.of(reason));
        }
    }

    /** How far clients are in the round that is on. */
    InRound inRound() {
        return inRound;
    }

    /** Asks it to stop, to drain, or to let go. */
    RunnerSwitch asked() {
        return asked;
    }

    @Override
    public void run() {
        asked.runsOn(Thread.currentThread());
        End end;
        try {
            end = session();
        } catch (RunnerSwitch.Abandoned | LeaseLostException e) {
            LOG.log(Level.INFO, "session {0}: {1}", new Object[] {id, e.getMessage()});
            return;
        } catch (InterruptedException e) {
            if (asked.leaving()) {
                return;
            }
            end = stopped();
        } catch (Exception | Error e) {
            if (asked.abandoned()) {
                return; // what failed may have failed because everything is being closed
            }
            LOG.log(Level.WARNING, "session " + id + " failed", e);
            end = asked.stopping() ? stopped() : End.failed(line(e));
        }
        // Nothing below is to be disturbed: the end must be written.
        asked.runsOn(null);
        boolean interrupted = Thread.interrupted();
        finish(end);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private End stopped() {
        return new End(SessionState.STOPPED, asked.reason());
    }

    private static String line(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.lines().findFirst().orElse(failure.toString());
    }

    private End session() throws Exception {
        SavedSession saved = records.load(id);
        if (saved.state() == SessionState.STOPPING) {
            return new End(SessionState.STOPPED, saved.reason());
        }
        SessionPackage pack = files.packages().open(saved.packageDigest());
        Offer offer = new Offer(
                id,
                saved.packageDigest(),
                files.packages().bytes(saved.packageDigest()),
                saved.settings().clients(),
                saved.settings().only());
        List<Acceptance> roster = saved.roster();
        if (roster.isEmpty()) {
            roster = gather(offer, saved.settings());
            if (roster.size() < saved.settings().minClients()) {
                return End.failed(tooFew(roster.size(), saved.settings()));
            }
            Optional<String> mixed = mixedRandomness(roster, saved.settings());
            if (mixed.isPresent()) {
                return End.failed(mixed.get());
            }
        }
        SessionTerms terms = pack.terms(roster.size());
        if (terms.plan().clientLevel().isPresent()) {
            saved.settings().requireFits(terms.plan(), roster.size());
            offer = planned(offer, roster, saved);
        }
        if (saved.roster().isEmpty()) {
            terms.plan().participation().requireAvailable(roster.size());
            records.running(lease, roster);
            tell(
                    "running",
                    roster.size() + (roster.size() == 1 ? " client: " : " clients: ") + String.join(", ", ids(roster)));
        }
        return rounds(saved, pack, terms, offer, roster);
    }

    /**
     * Sampling and noise are planned for a number of clients: with fewer than were asked for, all must plan anew. Once they
     * have, that roster stands, whoever is away when this process takes the session over.
     */
    private Offer planned(Offer offer, List<Acceptance> roster, SavedSession saved) throws InterruptedException {
        if (roster.size() == offer.clients()) {
            return offer;
        }
        Offer fewer = new Offer(id, offer.packageDigest(), offer.packageBytes(), roster.size(), ids(roster));
        if (!saved.roster().isEmpty()) {
            return fewer;
        }
        Duration time = saved.settings().gather();
        if (reach.gather(fewer, roster.size(), roster.size(), time, this::heard).size() < roster.size()) {
            throw new IllegalStateException("clients left while the session was planned for the " + roster.size()
                    + " that had accepted; start it again");
        }
        return fewer;
    }

    private List<Acceptance> gather(Offer offer, SessionSettings settings) throws InterruptedException {
        tell(
                "gathering",
                "asking for " + settings.clients() + " clients, at least " + settings.minClients() + ", for at most "
                        + settings.gather().toSeconds() + " s");
        List<Acceptance> all =
                reach.gather(offer, settings.clients(), settings.minClients(), settings.gather(), this::heard);
        return all.stream()
                .sorted(Comparator.comparing(each -> each.profile().id()))
                .toList();
    }

    private void heard(Answered answer) {
        records.answered(lease, answer);
        tell(
                "client",
                switch (answer.decision()) {
                    case ACCEPTED -> answer.client() + " takes part";
                    case REFUSED -> answer.client() + " does not take part: " + answer.reason();
                    case PENDING -> answer.reason();
                });
    }

    private String tooFew(int accepted, SessionSettings settings) {
        String others = records.answers(id).stream()
                .filter(answer -> answer.decision() != Decision.ACCEPTED)
                .map(answer -> answer.client() + ": " + answer.reason())
                .collect(Collectors.joining("; "));
        return "only " + accepted + " of " + settings.minClients() + " clients accepted within "
                + settings.gather().toSeconds() + " s" + (others.isEmpty() ? "" : " (" + others + ")");
    }

    /** Either everything can be drawn again or nothing: a mixture would be neither private nor repeatable. */
    private static Optional<String> mixedRandomness(List<Acceptance> roster, SessionSettings settings) {
        boolean seeded = settings.seed().isPresent();
        return roster.stream()
                .filter(client -> client.seeded() != seeded)
                .findFirst()
                .map(client -> client.profile().id()
                        + (seeded
                                ? " draws secret randomness, but the session has a seed: start its node with"
                                        + " --insecure-test-seed, or the session without --seed"
                                : " draws from a seed (--insecure-test-seed), so nothing would be private: start the session"
                                        + " with --seed too, or the node without"));
    }

    private static List<String> ids(List<Acceptance> roster) {
        return roster.stream().map(each -> each.profile().id()).toList();
    }

    private End rounds(
            SavedSession saved, SessionPackage pack, SessionTerms terms, Offer offer, List<Acceptance> roster) {
        SessionSettings settings = saved.settings();
        Randomness randomness =
                settings.seed().isPresent() ? Randomness.seeded(settings.seed().getAsLong()) : Randomness.secret();
        LastByte lastByte = new LastByte();
        SessionWatch watch =
                new SessionWatch(id, terms.plan(), records, asked, meter, lastByte, inRound, this::heard, this::tell);
        RoundRules rules = new RoundRules(settings.round(), settings.enough(), mostBytes(terms), watch.observer());
        Optional<TestData> testData = files.testData(settings, terms);
        try (Fleet fleet = holders(terms.plan(), roster, reach.fleet(offer, roster, rules))) {
            Federation federation = new Federation(
                    terms.plan(),
                    terms.strategy(),
                    fleet,
                    testData,
                    randomness,
                    watch,
                    new SessionJournal(lease, records, terms.plan(), roster, asked, meter, lastByte));
            RunResult result = saved.interrupted().isPresent()
                    ? federation.resume(saved.interrupted().get())
                    : federation.run(pack.seed());
            return end(result);
        } finally {
            testData.ifPresent(TestData::close);
        }
    }

    /** Who holds nothing out is not asked to evaluate; where numbers of examples are not told, everybody is. */
    private static Fleet holders(Plan plan, List<Acceptance> roster, Fleet fleet) {
        Set<String> holders = roster.stream()
                .filter(client -> client.heldOut().isPresent())
                .map(client -> client.profile().id())
                .collect(Collectors.toSet());
        return Progress.sizesAreTold(plan) ? new EvaluatingFleet(fleet, holders) : fleet;
    }

    private static long mostBytes(SessionTerms terms) {
        int width =
                terms.strategy().method().width(terms.plan().model().layout().size());
        return (long) Float.BYTES * (width + 1);
    }

    private End end(RunResult result) {
        return switch (result.ending()) {
            case COMPLETED -> new End(SessionState.COMPLETED, Optional.empty());
            case BUDGET -> new End(SessionState.BUDGET, result.reason());
            case DIVERGED, FAILED -> new End(SessionState.FAILED, result.reason());
            case CANCELLED -> {
                if (asked.leaving()) {
                    throw new RunnerSwitch.Abandoned();
                }
                yield stopped();
            }
        };
    }

    /** A session that is over must be known to be: a database that is away for a moment is waited for. */
    private void finish(End end) {
        Optional<String> result = result(end);
        Duration pause = Duration.ofMillis(200);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                records.ended(lease, end.state(), end.reason(), result);
                break;
            } catch (LeaseLostException e) {
                return; // whoever has it now ends it
            } catch (RuntimeException e) {
                LOG.log(Level.SEVERE, "session " + id + " is " + end.state().word() + ", which cannot be written", e);
                if (attempt == ATTEMPTS || asked.abandoned() || !asked.pause(pause)) {
                    return; // the next process goes on with it, and ends it
                }
                pause = pause.multipliedBy(2);
            }
        }
        reach.over(id, end.state().word());
        tell(
                "ended",
                end.state().word() + end.reason().map(reason -> ": " + reason).orElse(""));
    }

    /** What a run prints; that it cannot be worked out keeps no session from its end. */
    private Optional<String> result(End end) {
        try {
            return files.result(id, end.state(), end.reason());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "session " + id + ": its result cannot be worked out: " + line(e), e);
            return Optional.empty();
        }
    }

    private void tell(String kind, String text) {
        // One for each client in each round is too much for a log that people read.
        Level level = kind.equals("update") || kind.equals("progress") ? Level.FINE : Level.INFO;
        LOG.log(level, "session {0}: {1}: {2}", new Object[] {id, kind, text});
        events.tell(id, kind, text, () -> records.view(id).orElseThrow().with(inRound));
    }
}
