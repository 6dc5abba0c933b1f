package dev.sotto.folders.aggregator;

import dev.sotto.data.DataSet;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.Plan;
import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.Email;
import dev.sotto.folders.LaunchRules;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.folders.SealedRecord;
import dev.sotto.folders.Visible;
import dev.sotto.folders.aggregator.Attendance.Seen;
import dev.sotto.folders.aggregator.Project.Member;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.wire.sealed.GuardedFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs one project on a thread of its own, from wherever its files say it stands to its sealed record. Whatever is thrown on the
 * way is its end, and nobody else's. Only a datasite that stops leaves a project as it is, for the next process to go on with.
 */
final class ProjectRun implements Runnable {
    private static final Logger LOG = Logger.getLogger(ProjectRun.class.getName());

    private final PostOffice post;
    private final ProjectFiles files;
    private final Clock clock;
    private final DatasiteSettings how;
    private final ProjectBoard board;
    private final TestSets tests;
    private final Offers offers;
    private final Attendance attendance;
    private Project project;

    ProjectRun(
            PostOffice post,
            ProjectFiles files,
            Clock clock,
            DatasiteSettings how,
            ProjectBoard board,
            TestSets tests,
            Project project) {
        this.post = post;
        this.files = files;
        this.clock = clock;
        this.how = how;
        this.board = board;
        this.tests = tests;
        this.offers = new Offers(post, files);
        this.attendance = new Attendance(post, project);
        this.project = project;
    }

    @Override
    public void run() {
        try {
            if (!project.over()) {
                try {
                    go();
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    if (clock.isStopped()) {
                        return; // what failed may have failed because everything is being closed
                    }
                    LOG.log(Level.WARNING, "project " + project.name() + " failed", e);
                    save(project.ended(State.FAILED, Lines.of(e), "failed: " + Lines.of(e), 0));
                }
            }
            farewell();
        } catch (Clock.StoppedException e) {
            // The next process goes on.
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.log(Level.SEVERE, "project " + project.name() + " is over, which cannot be noted", e);
        }
    }

    private void save(Project next) throws IOException {
        files.save(next);
        project = next;
        show();
    }

    private void show() {
        board.show(project, attendance);
    }

    private void go() throws IOException {
        for (Email email : project.emails()) {
            try {
                post.clear(attendance.mailbox(email));
                attendance.mailbox(email).make();
            } catch (IOException e) {
                // Whoever writes to it makes it too.
                post.quarantine().note(attendance.mailbox(email).path(), "it cannot be made: " + Lines.of(e));
            }
        }
        SessionPackage pack = files.open(project);
        board.plans(pack.terms().path("rounds").asInt(10));
        show();
        if (project.state() == State.REQUEST) {
            Plan plan = pack.terms(project.clients()).plan();
            Optional<String> unkept = Visible.misfit(plan, project.clients())
                    .or(() -> Visible.closedEarly(plan, project.clients(), project.enough()));
            Optional<String> failure = unkept.isPresent() ? unkept : gather(pack);
            if (failure.isPresent()) {
                save(project.ended(State.FAILED, failure.get(), "failed: " + failure.get(), 0));
                return;
            }
        }
        SessionTerms terms = pack.terms(project.roster().size());
        Optional<DataSet> central = tests.of(project.testData(), terms);
        RoundContext context = new RoundContext(post, clock, project, attendance, mostBytes(terms), this::show);
        ProjectRounds rounds = new ProjectRounds(context, files.run(project), pack, terms, central, how, board);
        ProjectRounds.End end = rounds.run();
        attendance.look(); // whoever sent the last update has said before how it stands
        publish(rounds, end);
        boolean model = rounds.model().isPresent();
        save(project.ended(
                end.failed() ? State.FAILED : State.DONE, end.reason(), end.told(), model ? end.rounds() : 0));
        rounds.discardCheckpoints();
    }

    private static long mostBytes(SessionTerms terms) {
        int width =
                terms.strategy().method().width(terms.plan().model().layout().size());
        return (long) Float.BYTES * (width + 1);
    }

    /** Waits until all have decided, or the time is over; then those who take part must be enough. */
    private Optional<String> gather(SessionPackage pack) throws IOException {
        Optional<String> few = await(project.participants());
        if (few.isPresent()) {
            return few;
        }
        List<Member> roster = roster();
        if (pack.terms(roster.size()).plan().clientLevel().isPresent() && roster.size() != project.clients()) {
            // Sampling and noise are planned for a number of clients: with fewer, all must plan, and approve, anew.
            save(project.asking(roster.size(), Instant.now().plus(LaunchRules.GATHER), List.of()));
            few = await(roster.stream().map(Member::email).toList());
            roster = roster();
            if (few.isPresent() || roster.size() != project.clients()) {
                return Optional.of("participants left while the project was planned for those who had approved");
            }
        }
        Optional<String> mixed = mixedRandomness(roster);
        if (mixed.isPresent()) {
            return mixed;
        }
        pack.terms(roster.size()).plan().participation().requireAvailable(roster.size());
        save(project.running(roster));
        return Optional.empty();
    }

    private Optional<String> await(Collection<String> asked) {
        for (; ; ) {
            attendance.clearDone();
            attendance.look();
            boolean all = true;
            int accepted = 0;
            for (Seen seen : attendance.all().values()) {
                if (asked.contains(seen.email().text())) {
                    seen.card().ifPresent(card -> offers.ask(project, card));
                    all &= seen.decided(project.clients());
                    accepted += seen.accepted(project.clients()) ? 1 : 0;
                }
            }
            show();
            boolean late = Instant.now().isAfter(project.asksUntil());
            if ((all || late) && accepted >= project.minClients()) {
                return Optional.empty();
            }
            if (all || late) {
                return Optional.of("only " + accepted + " of " + project.minClients() + " participants take part"
                        + (late ? " by " + project.asksUntil() : ""));
            }
            clock.pause();
        }
    }

    private List<Member> roster() {
        List<Member> roster = new ArrayList<>();
        for (Seen seen : attendance.all().values()) {
            if (seen.accepted(project.clients())) {
                var accepted = seen.answer().orElseThrow().answer().getAccepted();
                roster.add(new Member(seen.email().text(), accepted.getExamples(), accepted.getSeeded()));
            }
        }
        roster.sort(Comparator.comparing(each -> new Email(each.email()).clientId()));
        return roster;
    }

    /** Either everything can be drawn again or nothing: a mixture would be neither private nor repeatable. */
    private Optional<String> mixedRandomness(List<Member> roster) {
        boolean seeded = how.testSeed().isPresent();
        return roster.stream()
                .filter(each -> each.seeded() != seeded)
                .findFirst()
                .map(each -> each.email()
                        + (seeded
                                ? " draws secret randomness, but the aggregator has a seed: start all datasites with"
                                        + " --insecure-test-seed, or none"
                                : " draws from a seed (--insecure-test-seed), so nothing would be private: start the"
                                        + " aggregator with it too, or the datasite without"));
    }

    private void publish(ProjectRounds rounds, ProjectRounds.End end) throws IOException {
        Optional<byte[]> model = rounds.model();
        if (model.isPresent()) {
            for (Member member : project.roster()) {
                attendance
                        .of(new Email(member.email()))
                        .card()
                        .ifPresent(card -> offers.result(project, card, end.rounds(), model.get()));
            }
        }
        rounds.copyTo(post.datasite()
                .privateTree()
                .resolve(Names.AGGREGATOR)
                .resolve(Names.DONE)
                .resolve(project.name()));
    }

    /** Seals the record, tells everybody that it is over, and keeps telling until all who were asked have heard. */
    private void farewell() throws IOException {
        seal();
        attendance.look();
        // From now on owners may move their folders away: only the end and the last model are kept in place.
        String last = project.rounds() > 0 ? Names.model(project.rounds()) : "";
        post.forget(project.session(), name -> !name.equals(last));
        attendance.all().values().stream().filter(seen -> !heard(seen)).forEach(this::tell);
        show();
        while (!attendance.all().values().stream().allMatch(this::heard)) {
            clock.pause();
            attendance.look();
        }
        post.forget(project.session(), name -> true);
        files.close(project);
    }

    private void tell(Seen seen) {
        boolean member = project.roster().stream()
                .anyMatch(each -> each.email().equals(seen.email().text()));
        String ending = member || project.roster().isEmpty() ? project.ending() : "it went on without you";
        seen.card().ifPresent(card -> offers.over(project, card, ending, member ? project.rounds() : 0));
    }

    private boolean heard(Seen seen) {
        return seen.card().isEmpty()
                || attendance.heard(seen.email(), seen.card().get());
    }

    private void seal() throws IOException {
        if (files.sealed(project)) {
            return;
        }
        GuardedFolder done = post.datasite().own(Names.AGGREGATOR, Names.DONE);
        GuardedFolder running = post.datasite().own(Names.AGGREGATOR, Names.RUNNING);
        post.clear(done.below(project.name()));
        if (running.stamp(project.name()).isPresent()
                && done.stamp(project.name()).isPresent()) {
            post.quarantine().take(done, project.name(), "it lies where the record of a project is going to be");
        }
        if (!running.move(project.name(), done, project.name())) {
            done.below(project.name()).make();
        }
        post.clearFiles(done.below(project.name()), SealedRecord.MANIFEST, SealedRecord.SIGNATURE);
        SealedRecord.seal(
                done.below(project.name()),
                project.session(),
                project.ending(),
                post.datasite().card(),
                post.datasite().keys());
        files.seal(project);
    }
}
