package dev.sotto.federation;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What whoever runs a federation knows of a client that is elsewhere: its plan, which follows from public numbers, and in which rounds it was counted. Its
 * own ledger is out of reach and may hold more; what the client last reported is taken where it is more.
 */
public final class RemoteClient implements Participant {
    private final ClientProfile profile;
    private final Optional<ClientPrivacy> privacy;
    private final boolean seeded;
    private final Ledger ledger;
    private int steps;
    private OptionalDouble reported = OptionalDouble.empty();

    private RemoteClient(ClientProfile profile, Optional<ClientPrivacy> privacy, boolean seeded) {
        this.profile = profile;
        this.privacy = privacy;
        this.seeded = seeded;
        this.ledger = new InMemoryLedger(
                privacy.map(own -> Map.of(profile.id(), Budget.unlimited(own.delta(), own.accountant())))
                        .orElse(Map.of()));
    }

    /**
     * A client after these rounds.
     *
     * @param seeded its randomness can be drawn again
     */
    public static RemoteClient after(
            List<RoundRecord> history,
            ClientProfile profile,
            Optional<ClientPrivacy> privacy,
            Plan plan,
            boolean seeded) {
        RemoteClient client = new RemoteClient(profile, privacy, seeded);
        for (RoundRecord round : history) {
            round.reports().stream()
                    .filter(report -> report.client().equals(profile.id()))
                    .forEach(report -> client.took(round.round(), report));
            if (plan.evaluation().due(round.round(), plan.rounds())) {
                client.evaluated(round.round());
            }
        }
        return client;
    }

    private void took(int round, ClientReport report) {
        boolean counted = report.refusal().isEmpty();
        // Who did not answer in time may have trained all the same.
        boolean unknown = report.refusal()
                .map(refusal -> refusal.reason() == Reason.DROPPED || refusal.reason() == Reason.DIVERGED)
                .orElse(false);
        if (counted || unknown) {
            privacy.ifPresent(own -> book(own.roundEvent(steps, round), "round " + round));
        }
        steps += report.steps();
        if (report.epsilon().isPresent()) {
            reported = report.epsilon();
        }
    }

    /** Who evaluated is not told, so everybody is taken to have. */
    private void evaluated(int round) {
        privacy.flatMap(ClientPrivacy::accuracy)
                .ifPresent(release -> book(release.event(), "evaluation of round " + round));
    }

    private void book(DpEvent event, String purpose) {
        try {
            ledger.commit(ledger.reserve(profile.id(), event, purpose));
        } catch (BudgetExceededException e) {
            throw new IllegalStateException("a ledger without a limit refused", e);
        }
    }

    @Override
    public ClientProfile profile() {
        return profile;
    }

    @Override
    public Optional<ClientPrivacy> privacy() {
        return privacy;
    }

    @Override
    public DpEvent spent() {
        return ledger.spent(profile.id());
    }

    @Override
    public OptionalDouble reportedEpsilon() {
        return reported;
    }

    @Override
    public int stepsTaken() {
        return steps;
    }

    @Override
    public boolean reproducible() {
        return seeded;
    }

    /** Packages contain no code, so there is none but Sotto's. */
    @Override
    public boolean standardTraining() {
        return true;
    }
}
