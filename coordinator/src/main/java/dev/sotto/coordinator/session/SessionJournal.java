package dev.sotto.coordinator.session;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.store.Lease;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunJournal;
import java.util.List;

/** Commits a session's rounds, each whole or not at all. Nothing is committed by a process that has let go of the session. */
final class SessionJournal implements RunJournal {
    private final Lease lease;
    private final SessionRecords records;
    private final Progress progress;
    private final boolean secretCohorts;
    private final RunnerSwitch asked;
    private final SessionMeter meter;
    private final LastByte lastByte;

    SessionJournal(
            Lease lease,
            SessionRecords records,
            Plan plan,
            List<Acceptance> roster,
            RunnerSwitch asked,
            SessionMeter meter,
            LastByte lastByte) {
        this.lease = lease;
        this.records = records;
        this.progress = new Progress(plan, roster);
        this.secretCohorts = plan.clientLevel().isPresent();
        this.asked = asked;
        this.meter = meter;
        this.lastByte = lastByte;
    }

    @Override
    public void ready(FederationState state) {
        asked.requireNotAbandoned();
        asked.roundsBegin();
        if (state.round() == 0) {
            records.ready(lease, state);
        }
        progress.goOn(records.history(lease.session()));
    }

    @Override
    public void begins(int round, List<String> cohort) {
        asked.requireNotAbandoned();
        lastByte.roundBegins();
        // Under client-level privacy who was asked is a secret.
        records.begins(lease, round, secretCohorts ? List.of() : cohort);
    }

    @Override
    public void finished(RoundRecord record, FederationState state) {
        asked.requireNotAbandoned();
        progress.add(record);
        records.finished(lease, record, state, progress.standing());
        lastByte.since().ifPresent(meter::committed);
    }
}
