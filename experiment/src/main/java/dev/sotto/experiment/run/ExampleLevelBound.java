package dev.sotto.experiment.run;

import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.NonPrivate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What example-level privacy guarantees where clients are protected too. Ledgers then tell too much: what a client has spent
 * says in how many rounds it took part, and its sampling rate how many examples it has. This is a bound that holds for every
 * client, from public numbers alone: as if it had taken part in every round where rate and steps are declared, else the
 * limit that every ledger enforces.
 */
final class ExampleLevelBound {
    private final ExamplePrivacy asked;
    private final Delta delta;
    private final Optional<ClientPrivacy> declared;
    private final List<Integer> interrupted;

    private ExampleLevelBound(
            ExamplePrivacy asked, Delta delta, Optional<ClientPrivacy> declared, List<Integer> interrupted) {
        this.asked = asked;
        this.delta = delta;
        this.declared = declared;
        this.interrupted = List.copyOf(interrupted);
    }

    /**
     * The bound of a plan with both levels; empty for any other plan.
     *
     * @param interrupted rounds that were begun once more than the history tells, each as often
     */
    static Optional<ExampleLevelBound> of(Plan plan, List<Integer> interrupted) {
        return plan.clientLevel().isEmpty()
                ? Optional.empty()
                : plan.privacy().map(asked -> of(asked, plan, interrupted));
    }

    private static ExampleLevelBound of(ExamplePrivacy asked, Plan plan, List<Integer> interrupted) {
        TrainingSchedule training = plan.training();
        int batch = training.first().batchSize();
        boolean open =
                asked.samplingRate().isPresent() && training.phases().stream().allMatch(phase -> phase.steps() > 0);
        // With rate and steps declared, the plan is the same for any number of examples.
        Optional<ClientPrivacy> declared =
                open ? Optional.of(asked.forClient(batch, training, plan.rounds())) : Optional.empty();
        return new ExampleLevelBound(asked, asked.commonDelta(batch), declared, interrupted);
    }

    private OptionalDouble limit() {
        return asked.hardLimit()
                ? asked.epsilon().map(Epsilon::value).map(OptionalDouble::of).orElse(OptionalDouble.empty())
                : OptionalDouble.empty();
    }

    /** What a client has released that took part in the first so many rounds; empty if public numbers do not tell. */
    private Optional<DpEvent> event(int rounds) {
        return declared.map(own -> {
            List<DpEvent> events = new ArrayList<>();
            events.add(own.plan().events(0, stepsUpTo(own, rounds)));
            interrupted.stream().filter(round -> round <= rounds).forEach(round -> events.add(lost(own, round)));
            return events.size() == 1 ? events.get(0) : DpEvents.gathered(new Composed(events));
        });
    }

    private static int stepsUpTo(ClientPrivacy own, int rounds) {
        return own.roundSteps().stream().limit(rounds).reduce(0, Math::addExact);
    }

    /**
     * What a round released that was cut short: at most that of a whole one. Where in its own steps a client stood is secret;
     * schedules go one way, so the least noise is where it began or where it is if it took part in all rounds.
     */
    private static DpEvent lost(ClientPrivacy own, int round) {
        int latest = stepsUpTo(own, round - 1);
        Schedule noise = own.plan().noiseSchedule();
        return own.plan().events(noise.factor(latest) < noise.factor(0) ? latest : 0, own.steps(round));
    }

    /** Spent on any example after so many rounds; empty if public numbers do not tell. */
    OptionalDouble epsilon(int rounds) {
        OptionalDouble computed = event(rounds)
                .map(event -> Json.finite(
                        asked.accountant().accountant().epsilon(event, delta).epsilon()))
                .orElse(OptionalDouble.empty());
        if (limit().isPresent() && !(computed.orElse(Double.POSITIVE_INFINITY) <= limit().getAsDouble())) {
            return limit();
        }
        return computed;
    }

    /** The level's guarantee at the end of a run. */
    UnitGuarantee guarantee(RunResult result) {
        int rounds = begun(result);
        OptionalDouble epsilon = epsilon(rounds);
        boolean byLimit = epsilon.isPresent() && epsilon.equals(limit());
        DpEvent event = byLimit
                ? new EpsilonDelta(epsilon.getAsDouble(), delta.value())
                : event(rounds).orElseGet(NonPrivate::new);
        return new UnitGuarantee(
                PrivacyUnit.EXAMPLE.label(),
                asked.relation().label(),
                epsilon,
                delta.value(),
                epsilon.isPresent() && !byLimit ? Optional.of(asked.accountant().label()) : Optional.empty(),
                byLimit ? Wording.BY_LIMIT : epsilon.isPresent() ? Wording.IN_EVERY_ROUND : Wording.UNDECLARED,
                Wording.ARITHMETIC,
                Optional.of(DpEvents.toJson(event)));
    }

    /** Rounds in which clients may have trained: one that broke off is in no record. */
    private int begun(RunResult result) {
        int recorded = result.history().size();
        boolean brokeOff = result.ending() != RunResult.Ending.COMPLETED;
        return brokeOff && declared.isPresent() ? Math.min(declared.get().rounds(), recorded + 1) : recorded;
    }
}
