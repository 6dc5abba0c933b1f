package dev.sotto.cli;

import dev.sotto.federation.ClientReport;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.clientlevel.UpdateClipping;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A run as it happens: a bar on a terminal, a line a round elsewhere. */
final class RunProgress implements RunListener, AutoCloseable {
    /** Clients whose first refusal is told; a federation may have thousands. */
    private static final int LISTED = 8;

    /** Waiting that is not explained looks like a fault. */
    private static final long LONG_MILLIS = 3000;

    private final Console console;
    private final int rounds;
    private final int before;
    private final boolean classes;
    private final boolean clientLevel;
    private final boolean adaptive;
    private final Optional<Thread> calibrating;
    private final Optional<ProgressBar> bar;
    private final Set<String> refused = new HashSet<>();
    private final long start = System.nanoTime();
    private String score = "";
    private int round;
    private int finished;
    private int asked;
    private boolean silent;

    /** For a run of which some rounds are finished before it is watched. */
    RunProgress(Console console, Plan plan, int before, boolean classes) {
        this.console = console;
        this.rounds = plan.rounds();
        this.before = before;
        this.finished = before;
        this.classes = classes;
        this.clientLevel = plan.clientLevel().isPresent();
        this.adaptive = plan.clientLevel()
                .filter(own -> own.clipping() instanceof UpdateClipping.Adaptive)
                .isPresent();
        boolean calibrated =
                plan.privacy().filter(own -> own.noiseMultiplier().isEmpty()).isPresent();
        this.calibrating = calibrated ? Optional.of(announcing(console)) : Optional.empty();
        this.bar = console.terminal() ? Optional.of(bar(rounds).stepTo(before)) : Optional.empty();
    }

    /** Noise is worked out before the first round. That is quick unless steps differ, and then looks as if nothing happened. */
    private static Thread announcing(Console console) {
        Thread waiting = new Thread(
                () -> {
                    try {
                        Thread.sleep(LONG_MILLIS);
                        console.remark(
                                "calibrating the noise to epsilon; with a schedule every step is a computation of"
                                        + " its own ...");
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // a round has begun
                    }
                },
                "calibrating");
        waiting.setDaemon(true);
        waiting.start();
        return waiting;
    }

    private static ProgressBar bar(int rounds) {
        return new ProgressBarBuilder()
                .setTaskName("round")
                .setInitialMax(rounds)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setMaxRenderedLength(Integer.getInteger("sotto.columns", 80))
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
    }

    @Override
    public synchronized void roundStarted(int number, int clients) {
        hold();
        calibrating.ifPresent(Thread::interrupt);
        round = number;
        asked = clients;
        // Under client-level privacy nobody is told how many were asked.
        if (number == 1 && clients > 0) {
            bar.ifPresent(shown -> shown.setExtraMessage(clients + (clients == 1 ? " client" : " clients")));
        }
    }

    @Override
    public synchronized void clientFinished(ClientReport report) {
        boolean remarkable = report.refusal()
                .map(refusal -> refusal.reason() != ClientReport.Reason.DROPPED)
                .orElse(false);
        if (silent) {
            return;
        }
        // Clients that vanish were asked for; the round's line says how many updates came.
        if (!remarkable || !refused.add(report.client()) || refused.size() > LISTED) {
            return;
        }
        String more = refused.size() == LISTED ? "; further ones are in the report" : "";
        console.remark("round " + round + ": " + report.client() + " takes no part: "
                + report.refusal().get().message() + more);
    }

    @Override
    public synchronized void roundWithheld(int number, String reason) {
        hold();
        console.remark("round " + number + " is not released: " + reason);
    }

    @Override
    public synchronized void roundFinished(RoundRecord record, float[] parameters) {
        hold();
        finished = record.round();
        bar.ifPresentOrElse(
                shown -> {
                    shown.setExtraMessage(brief(record));
                    shown.step();
                },
                () -> line(record));
    }

    private void line(RoundRecord record) {
        List<String> said = new ArrayList<>(List.of("round " + record.round() + "/" + rounds, describe(record)));
        // How long a round takes tells how many took part.
        if (!clientLevel) {
            said.add(Console.duration(record.seconds()));
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        int ahead = rounds - record.round();
        if (ahead > 0) {
            said.add("(" + Console.duration(elapsed / (record.round() - before) * ahead) + " left)");
        }
        said.removeIf(String::isEmpty);
        console.remark(String.join("  ", said));
    }

    /** For beside a bar, where there is little room. */
    private String brief(RoundRecord record) {
        (classes ? record.accuracy() : record.loss())
                .ifPresent(found -> score = classes ? Console.percent(found) : "loss " + Console.number(found, 4));
        OptionalDouble epsilon = epsilon(record);
        return score + (epsilon.isPresent() ? " eps " + Console.epsilon(epsilon.getAsDouble()) : "");
    }

    /** Of every client where clients are protected; an example's then would tell how often a client took part. */
    private OptionalDouble epsilon(RoundRecord record) {
        return clientLevel
                ? record.clientLevel()
                        .map(RoundRecord.ClientLevelRound::epsilon)
                        .orElse(OptionalDouble.empty())
                : record.epsilon();
    }

    private String describe(RoundRecord record) {
        StringBuilder line = new StringBuilder();
        if (classes) {
            record.accuracy().ifPresent(found -> line.append("accuracy ").append(Console.percent(found)));
        }
        record.loss()
                .ifPresent(found ->
                        line.append(line.isEmpty() ? "" : "  ").append("loss ").append(Console.number(found, 4)));
        record.clientLevel().filter(own -> adaptive).ifPresent(own -> line.append("  clipping norm ")
                .append(Console.measured(own.clippingNorm())));
        epsilon(record).ifPresent(epsilon -> line.append("  epsilon ").append(Console.epsilon(epsilon)));
        if (record.updates() < asked) {
            line.append("  updates ").append(record.updates()).append(" of ").append(asked);
        }
        if (!record.released()) {
            line.append("  not released: too few updates");
        }
        return line.toString();
    }

    /** For a process that is about to end: says how many rounds are finished, and from then on nothing. */
    synchronized int fallSilent() {
        silent = true;
        calibrating.ifPresent(Thread::interrupt);
        bar.ifPresent(ProgressBar::close);
        return finished;
    }

    /** While a process ends, which takes a moment, no further round begins: what was said of the last one stays true. */
    private synchronized void hold() {
        while (silent) {
            try {
                wait();
            } catch (InterruptedException e) {
                // The process ends all the same.
            }
        }
    }

    @Override
    public void close() {
        calibrating.ifPresent(Thread::interrupt);
        bar.ifPresent(ProgressBar::close);
    }
}
