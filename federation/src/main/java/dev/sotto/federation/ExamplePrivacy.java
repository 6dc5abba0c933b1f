package dev.sotto.federation;

import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.clipping.AdaptiveClipping;
import dev.sotto.privacy.clipping.ClippingRule;
import dev.sotto.privacy.clipping.FlatClipping;
import java.util.List;
import java.util.Optional;

/**
 * Example-level differential privacy as it is asked for, before it is worked out for each client.
 *
 * <p>With a noise multiplier, noise is as given and epsilon (if any) is the limit. With epsilon alone, each client's noise
 * is calibrated once so that all its planned steps together spend at most epsilon.
 *
 * @param epsilon the target, or the limit; may be empty if there is a noise multiplier
 * @param delta empty for the largest power of ten below 1/n, for each client's own n
 * @param noiseMultiplier noise standard deviation over clipping norm; may be empty if there is an epsilon
 * @param samplingRate declared rate of every client; empty for batch size over the client's number of examples, which is
 *     public unless neighbours differ in it: under add-or-remove-one the rate and delta must be declared, and steps a round
 *     must be set
 * @param hardLimit true: a round that would pass epsilon is refused before its first gradient; false: planned rounds run,
 *     and reports show the overshoot
 */
public record ExamplePrivacy(
        Optional<Epsilon> epsilon,
        Optional<Delta> delta,
        Optional<NoiseMultiplier> noiseMultiplier,
        ClippingRule clipping,
        ClipPer clipPer,
        NeighbouringRelation relation,
        Optional<SamplingRate> samplingRate,
        Schedule noiseSchedule,
        Schedule clippingSchedule,
        AccountantChoice accountant,
        boolean hardLimit) {

    /** Clipping norms that arithmetic with gradients leaves their meaning. */
    private static final double SMALLEST_NORM = 1e-12;

    private static final double LARGEST_NORM = 1e12;

    /** How far a schedule may take the noise, up or down. */
    private static final double MOST_CHANGE = 1e4;

    public ExamplePrivacy {
        if (epsilon.isEmpty() && noiseMultiplier.isEmpty()) {
            throw new IllegalArgumentException("privacy.example-level: give epsilon, noise-multiplier, or both");
        }
        noiseMultiplier.ifPresent(noise -> Require.positive("noise multiplier", noise.value()));
        requireNorm("max-grad-norm: " + clipping.norm(), clipping.norm());
        boolean constant = noiseSchedule.isConstant() && clippingSchedule.isConstant();
        if (clipping instanceof AdaptiveClipping && (clipPer == ClipPer.BATCH || !constant)) {
            throw new IllegalArgumentException(
                    "privacy.example-level.clipping: adaptive sets the norm by itself; it goes"
                            + " with clip-per: example, without noise-schedule and clipping-schedule");
        }
        if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE && (samplingRate.isEmpty() || delta.isEmpty())) {
            throw new IllegalArgumentException(
                    "privacy.example-level: under add-or-remove-one the number of examples is "
                            + "not public, so declare sampling-rate and delta, or use relation: zero-out");
        }
    }

    private static void requireNorm(String given, double norm) {
        if (!(norm >= SMALLEST_NORM && norm <= LARGEST_NORM)) {
            throw new IllegalArgumentException("privacy.example-level." + given
                    + " is out of range; it must be at least " + SMALLEST_NORM + " and at most " + LARGEST_NORM);
        }
    }

    /**
     * Refuses schedules that leave nothing of the noise or the norm, or too much, within the planned steps: one step with a
     * ten-thousandth of the noise costs more than all others together, and no noise multiplier makes up for it.
     *
     * @throws IllegalArgumentException naming the key, the step and what it comes to
     */
    public void requireSchedules(int examples, TrainingSchedule training, int rounds) {
        int last = training.privateSteps(examples, rounds).stream().reduce(0, Math::addExact) - 1;
        if (last < 0) {
            return;
        }
        // Every schedule goes one way, so its last step is its farthest.
        double noise = noiseSchedule.factor(last);
        if (!(noise >= 1 / MOST_CHANGE && noise <= MOST_CHANGE)) {
            throw new IllegalArgumentException("privacy.example-level.noise-schedule: by the last of " + (last + 1)
                    + " steps it multiplies the noise by " + noise + "; it must be at least " + 1 / MOST_CHANGE
                    + " and at most " + MOST_CHANGE + ": take a gamma or last nearer to 1, or fewer steps");
        }
        double norm = clippingSchedule.factor(last) * clipping.norm();
        requireNorm(
                "clipping-schedule: by the last of " + (last + 1) + " steps the clipping norm is " + norm + ", which",
                norm);
    }

    /** Noise calibrated to (epsilon, delta) over all planned steps; flat clipping; zero-out neighbours. */
    public static ExamplePrivacy calibrated(double epsilon, double delta, double maxGradNorm) {
        return of(Optional.of(new Epsilon(epsilon)), Optional.of(new Delta(delta)), Optional.empty(), maxGradNorm);
    }

    /** The given noise, without a limit; flat clipping; zero-out neighbours; delta from each client's size. */
    public static ExamplePrivacy withNoise(double noiseMultiplier, double maxGradNorm) {
        return of(Optional.empty(), Optional.empty(), Optional.of(new NoiseMultiplier(noiseMultiplier)), maxGradNorm);
    }

    private static ExamplePrivacy of(
            Optional<Epsilon> epsilon, Optional<Delta> delta, Optional<NoiseMultiplier> noise, double maxGradNorm) {
        return new ExamplePrivacy(
                epsilon,
                delta,
                noise,
                FlatClipping.of(maxGradNorm),
                ClipPer.EXAMPLE,
                NeighbouringRelation.ZERO_OUT,
                Optional.empty(),
                new Schedule.Constant(),
                new Schedule.Constant(),
                AccountantChoice.RDP,
                true);
    }

    /**
     * The plan of a client with that many examples.
     *
     * @param rounds rounds it may take part in
     * @param evaluation what it is asked to release of its accuracy
     * @throws IllegalArgumentException if the batch is larger than the data, or changes
     */
    public ClientPrivacy forClient(int examples, TrainingSchedule training, int rounds, EvaluationPlan evaluation) {
        int batch = training.first().batchSize();
        for (TrainingSettings phase : training.phases()) {
            check(phase, batch, examples);
        }
        requireSchedules(examples, training, rounds);
        SamplingRate rate = samplingRate.orElseGet(() -> new SamplingRate((double) batch / examples));
        List<Integer> steps = training.privateSteps(examples, rounds);
        Delta own = delta.orElseGet(() -> Delta.below(examples));
        Optional<AccuracyRelease> accuracy = accuracy(evaluation, rounds, own);
        double sigma = noiseMultiplier
                .map(NoiseMultiplier::value)
                .orElseGet(() -> Calibration.noiseMultiplier(
                        accountant, epsilon.orElseThrow(), own, s -> with(plan(rate, s, batch), steps, accuracy, own)
                                .plannedEvent()));
        return with(plan(rate, sigma, batch), steps, accuracy, own);
    }

    /** The plan of a client whose scores are withheld. */
    public ClientPrivacy forClient(int examples, TrainingSchedule training, int rounds) {
        return forClient(examples, training, rounds, EvaluationPlan.every(1));
    }

    private Optional<AccuracyRelease> accuracy(EvaluationPlan evaluation, int rounds, Delta own) {
        return evaluation.privateMetrics().map(metrics -> {
            if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
                throw new IllegalArgumentException("evaluation.private-metrics: under add-or-remove-one the number of "
                        + "examples is private, and what is held out would move with it; use relation: zero-out");
            }
            AccuracyRelease release = metrics.release(relation, evaluation.evaluations(rounds), accountant, own);
            if (noiseMultiplier.isEmpty()) {
                metrics.requireWithin(epsilon.orElseThrow(), release.plannedEvent(), accountant, own);
            }
            return release;
        });
    }

    /** The plan of a client that trains alike in all rounds. */
    public ClientPrivacy forClient(int examples, TrainingSettings training, int rounds) {
        return forClient(examples, TrainingSchedule.of(training), rounds);
    }

    private void check(TrainingSettings phase, int batch, int examples) {
        if (phase.batchSize() > examples) {
            throw new IllegalArgumentException(
                    "batch size is " + phase.batchSize() + "; it must be at most the number of examples, " + examples);
        }
        if (phase.batchSize() != batch) {
            throw new IllegalArgumentException("batch size changes from " + batch + " to " + phase.batchSize()
                    + "; under example-level privacy it must stay, as the sampling rate follows from it");
        }
        if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE && phase.steps() == 0) {
            throw new IllegalArgumentException(
                    "client.steps: under add-or-remove-one the number of examples is not public, "
                            + "so a round needs a declared number of steps");
        }
    }

    private ClientPrivacy with(
            ExampleLevelPlan plan, List<Integer> steps, Optional<AccuracyRelease> accuracy, Delta own) {
        return new ClientPrivacy(plan, steps, accuracy, own, epsilon, accountant, hardLimit);
    }

    /** A delta that holds for every client, worked out from public numbers alone: no batch is larger than its data. */
    public Delta commonDelta(int batchSize) {
        return delta.orElseGet(() -> Delta.below(batchSize));
    }

    private ExampleLevelPlan plan(SamplingRate rate, double sigma, int batchSize) {
        return new ExampleLevelPlan(
                relation,
                batchSize,
                rate,
                new NoiseMultiplier(sigma),
                clipping,
                clipPer,
                noiseSchedule,
                clippingSchedule);
    }
}
