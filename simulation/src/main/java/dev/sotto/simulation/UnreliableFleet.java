package dev.sotto.simulation;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.Reliability;
import dev.sotto.federation.Reliability.Deadline;
import dev.sotto.federation.RoundTask;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.random.Randomness;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Any fleet, with clients that vanish and clients that are late. Who vanishes is never asked, so its ledger is not touched;
 * who is late trains all the same, and its update is lost. Both are reported as dropped. Whether a client answers in time
 * depends on public numbers and on streams of its own, so neither order nor number of workers changes it.
 */
final class UnreliableFleet implements Fleet {
    private final Fleet fleet;
    private final Reliability reliability;
    private final Plan plan;
    private final Randomness randomness;
    private final Map<String, ClientProfile> profiles = new HashMap<>();
    private final Map<String, Double> slowness = new HashMap<>();

    private UnreliableFleet(Fleet fleet, Plan plan, Randomness randomness) {
        this.fleet = fleet;
        this.reliability = plan.participation().reliability();
        this.plan = plan;
        this.randomness = randomness;
        fleet.clients().forEach(profile -> profiles.put(profile.id(), profile));
    }

    /** The fleet as the plan has it: itself, if everybody answers. */
    static Fleet of(Fleet fleet, Plan plan, Randomness randomness) {
        return plan.participation().reliability().full() ? fleet : new UnreliableFleet(fleet, plan, randomness);
    }

    @Override
    public List<ClientProfile> clients() {
        return fleet.clients();
    }

    @Override
    public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
        Map<String, ClientReport> reports = new HashMap<>();
        Set<String> late = new HashSet<>();
        for (String id : cohort) {
            if (vanishes(id, task.round())) {
                ClientReport gone = dropped(profiles.get(id), OptionalDouble.empty(), "it did not answer");
                reports.put(id, gone);
                observer.finished(gone);
            } else if (isLate(id, task.round())) {
                late.add(id);
            }
        }
        List<String> reached =
                cohort.stream().filter(id -> !reports.containsKey(id)).toList();
        Collected collected =
                fleet.run(task, reached, new InTime(empty, late), report -> observer.finished(counted(report, late)));
        collected.reports().forEach(report -> reports.put(report.client(), counted(report, late)));
        return new Collected(
                ((InTime) collected.aggregate()).counted,
                cohort.stream().map(reports::get).toList());
    }

    private boolean vanishes(String id, int round) {
        return reliability.dropout() > 0
                && randomness.stream("dropout/" + id + "/round-" + round).nextDouble() < reliability.dropout();
    }

    private boolean isLate(String id, int round) {
        return reliability
                .deadline()
                .map(deadline -> seconds(id, round, deadline) > deadline.seconds())
                .orElse(false);
    }

    /** How long a client takes, in simulated time. */
    private double seconds(String id, int round, Deadline deadline) {
        TrainingSettings settings = plan.training().settings(round);
        int examples = profiles.get(id).examples();
        int steps =
                plan.privacy().isPresent() ? settings.privateStepsPerRound(examples) : settings.stepsPerRound(examples);
        double own = slowness.computeIfAbsent(
                id, who -> randomness.stream("pace/" + who).nextGaussian());
        double now = randomness.stream("pace/" + id + "/round-" + round).nextGaussian();
        Reliability.Pace pace = deadline.pace();
        return steps * pace.median() * Math.exp(pace.spread() * own + pace.jitter() * now);
    }

    /** A late client's report as the federation sees it; who refused for its budget did so at once. */
    private static ClientReport counted(ClientReport report, Set<String> late) {
        boolean atOnce = report.refusal()
                .map(refusal -> refusal.reason() == Reason.BUDGET)
                .orElse(false);
        return late.contains(report.client()) && !atOnce
                ? dropped(
                        new ClientProfile(report.client(), report.examples()),
                        report.epsilon(),
                        "it answered after the deadline")
                : report;
    }

    private static ClientReport dropped(ClientProfile client, OptionalDouble epsilon, String message) {
        return ClientReport.refused(client.id(), client.examples(), epsilon, new Refusal(Reason.DROPPED, message));
    }

    @Override
    public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
        return fleet.evaluate(task, cohort);
    }

    @Override
    public void close() {
        fleet.close();
    }

    /** Takes in what comes in time, and turns the rest away. */
    private record InTime(Aggregate counted, Set<String> late) implements Aggregate {
        @Override
        public Aggregate fresh() {
            return new InTime(counted.fresh(), late);
        }

        @Override
        public void add(ClientUpdate update) {
            if (late.contains(update.client())) {
                throw RefusedUpdateException.of(update, "it came after the deadline");
            }
            counted.add(update);
        }

        @Override
        public void merge(Aggregate other) {
            counted.merge(((InTime) other).counted);
        }

        @Override
        public int updates() {
            return counted.updates();
        }
    }
}
