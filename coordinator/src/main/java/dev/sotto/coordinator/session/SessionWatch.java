package dev.sotto.coordinator.session;

import dev.sotto.coordinator.session.Reach.Answered;
import dev.sotto.coordinator.session.Reach.RoundObserver;
import dev.sotto.coordinator.store.Answer.Decision;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Turns what happens in rounds into lines that people may read, and ends a run that was asked to end. Under client-level
 * privacy nothing is told that says who takes part.
 */
final class SessionWatch implements RunListener {
    private final String id;
    private final boolean named;
    private final int planned;
    private final SessionRecords records;
    private final RunnerSwitch asked;
    private final SessionMeter meter;
    private final LastByte lastByte;
    private final InRound inRound;
    private final Consumer<Answered> answered;
    private final BiConsumer<String, String> tell;
    /** Who takes part no more, as far as is known, and why. */
    private final Map<String, String> left = new ConcurrentHashMap<>();

    SessionWatch(
            String id,
            Plan plan,
            SessionRecords records,
            RunnerSwitch asked,
            SessionMeter meter,
            LastByte lastByte,
            InRound inRound,
            Consumer<Answered> answered,
            BiConsumer<String, String> tell) {
        this.id = id;
        this.named = plan.clientLevel().isEmpty();
        this.planned = plan.rounds();
        this.records = records;
        this.asked = asked;
        this.meter = meter;
        this.lastByte = lastByte;
        this.inRound = inRound;
        this.answered = answered;
        records.answers(id).stream()
                .filter(answer -> answer.decision() == Decision.REFUSED)
                .forEach(answer -> left.put(answer.client(), answer.reason()));
        this.tell = tell;
    }

    RoundObserver observer() {
        return new RoundObserver() {
            @Override
            public void refused(String client, int round, RefusalKind kind, String reason) {
                meter.refused(kind);
                // The operator must learn of it; those who merely watch learn nothing of who takes part.
                records.refused(id, client, round, reason);
                if (named) {
                    tell.accept("refused", "round " + round + ": " + client + ": " + reason);
                    if (kind == RefusalKind.OWNER || kind == RefusalKind.REVOKED) {
                        leaves(client, reason);
                    }
                }
            }

            @Override
            public void accepted(String client, int round, long bytes, long read) {
                meter.accepted(bytes);
                lastByte.read(read);
                inRound.done(client);
                if (named) {
                    comesBack(client);
                    tell.accept("update", "round " + round + ": " + client + ": " + bytes + " bytes");
                }
            }

            @Override
            public void progressed(String client, int round, int tenths) {
                if (named) {
                    inRound.progressed(client, tenths);
                    tell.accept(
                            "progress", "round " + round + ": " + client + ": " + 10 * tenths + "% of its training");
                }
            }

            @Override
            public void log(String client, String line) {
                if (named) {
                    records.log(id, client, line);
                    tell.accept("log", client + ": " + line);
                }
            }
        };
    }

    /** Kept as its answer to the session, for whoever looks at it later; once, although it is asked in each round. */
    private void leaves(String client, String reason) {
        if (!reason.equals(left.put(client, reason))) {
            answered.accept(Answered.refused(client, reason));
        }
    }

    private void comesBack(String client) {
        if (left.remove(client) != null) {
            answered.accept(Answered.accepted(client));
        }
    }

    @Override
    public void roundStarted(int round, int clients) {
        inRound.begin();
        tell.accept(
                "round",
                "round " + round + "/" + planned + " begins"
                        + (clients == 0 ? "" : " with " + clients + (clients == 1 ? " client" : " clients")));
    }

    @Override
    public void clientFinished(ClientReport report) {
        inRound.done(report.client());
        report.refusal()
                .ifPresent(refusal -> tell.accept(
                        "client",
                        report.client() + " takes no part: "
                                + refusal.reason().name().toLowerCase(Locale.ROOT) + ": " + refusal.message()));
    }

    @Override
    public void roundWithheld(int round, String reason) {
        tell.accept("withheld", "round " + round + " is not released: " + reason);
    }

    @Override
    public void roundFinished(RoundRecord record, float[] parameters) {
        tell.accept("committed", finished(record, planned, named));
    }

    /** A round in a line, with its accuracy as {@code sotto run} writes it. */
    static String finished(RoundRecord record, int planned, boolean named) {
        StringBuilder line = new StringBuilder("round " + record.round() + "/" + planned);
        figure(line, "accuracy %.1f%%", percent(record.accuracy()));
        figure(line, "loss %.4g", record.loss());
        figure(
                line,
                "epsilon %.4g",
                named
                        ? record.epsilon()
                        : record.clientLevel()
                                .map(RoundRecord.ClientLevelRound::epsilon)
                                .orElse(OptionalDouble.empty()));
        if (!record.released()) {
            line.append("  not released: too few updates");
        }
        return line.toString();
    }

    private static OptionalDouble percent(OptionalDouble share) {
        return share.isPresent() ? OptionalDouble.of(100 * share.getAsDouble()) : share;
    }

    private static void figure(StringBuilder line, String format, OptionalDouble value) {
        if (Double.isFinite(value.orElse(Double.NaN))) {
            line.append("  ").append(String.format(Locale.ROOT, format, value.getAsDouble()));
        }
    }

    @Override
    public boolean cancelled() {
        // Somebody may have asked another process of this coordinator.
        return asked.ending() || records.stopping(id);
    }
}
