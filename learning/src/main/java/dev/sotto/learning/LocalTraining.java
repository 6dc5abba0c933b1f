package dev.sotto.learning;

import dev.sotto.data.Examples;
import dev.sotto.privacy.ExampleMechanism;
import dev.sotto.privacy.ReleasedValues;
import dev.sotto.privacy.random.RandomStream;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * One client's training between two rounds, with or without example-level privacy. Owns a network and its gradient, so a
 * worker keeps one of these and serves one client after another. One thread at a time.
 */
public final class LocalTraining {
    /** Clipped gradients that are added up as floats, one onto the other, before compensation. */
    private static final int MOST_ADDED = 512;

    private final Network network;
    private final float[] gradient;
    private float[] part = new float[0];
    private float[] lost = new float[0];
    private float[] norms = new float[0];
    private Watcher watcher = (done, of) -> {};
    private BooleanSupplier stop = () -> false;

    public LocalTraining(Network network) {
        this.network = network;
        this.gradient = new float[network.layout().size()];
    }

    /**
     * What training did.
     *
     * @param steps optimizer steps taken
     * @param loss mean training loss over all examples seen: private data, never to leave the client as it is
     */
    public record Outcome(int steps, double loss) {}

    /** Who is told after each step; numbers of steps say nothing of the data. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * A step was taken.
         *
         * @param done steps taken so far
         * @param of steps there will be
         */
        void step(int done, int of);
    }

    /** Tells somebody else from now on, on the thread that trains. */
    public void watched(Watcher by) {
        watcher = by;
    }

    /**
     * Gives training up as soon as this says so, from now on: it is asked before each step and each physical batch, on the
     * thread that trains. What it says must not depend on the data.
     */
    public void stoppedBy(BooleanSupplier asked) {
        stop = asked;
    }

    private void requireWanted() {
        if (stop.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    /** The network that trains here. */
    public Network network() {
        return network;
    }

    /**
     * Mini-batch training on shuffled examples; moves {@code parameters} in place.
     *
     * @param rate multiplies the learning rate of every step
     * @param correction of each step's mean gradient
     * @throws DivergedException if the loss or the parameters stop being finite
     * @throws StoppedException if it was given up
     */
    public Outcome train(
            Examples examples,
            float[] parameters,
            TrainingSettings settings,
            double rate,
            RandomStream random,
            GradientCorrection correction) {
        Descent descent = descent(settings, parameters, correction);
        int steps = settings.stepsPerRound(examples.size());
        int[] order = new int[examples.size()];
        Arrays.setAll(order, i -> i);
        int next = order.length;
        double loss = 0;
        long seen = 0;
        for (int step = 0; step < steps; step++) {
            requireWanted();
            if (next >= order.length) {
                random.shuffle(order);
                next = 0;
            }
            int end = Math.min(order.length, next + settings.batchSize());
            loss += accumulate(examples, order, next, end, parameters, settings, random.nextLong());
            seen += end - next;
            if (!Double.isFinite(loss)) {
                throw new DivergedException("training diverged: the loss is " + loss + " after step " + (step + 1)
                        + " of " + steps + "; lower the learning rate");
            }
            descent.begin(rate);
            descent.takeMean(gradient, end - next);
            next = end;
            watcher.step(step + 1, steps);
        }
        requireFinite(parameters, steps);
        return new Outcome(steps, loss / seen);
    }

    /** The loss of a step is of the parameters before it, so the last step is checked by what it left. */
    private static void requireFinite(float[] parameters, int steps) {
        for (float value : parameters) {
            if (!Float.isFinite(value)) {
                throw new DivergedException("training diverged: parameters are not finite after step " + steps + " of "
                        + steps + "; lower the learning rate");
            }
        }
    }

    /**
     * DP-SGD (Abadi et al., 2016) and its relatives: draw, clip, add noise, divide by the constant, step. The mechanism
     * decides everything that privacy rests on; the optimizer sees only what it released.
     *
     * @param steps how many steps; each is an event, also when its batch is empty
     * @param correction of what each step released; must come from released values itself
     * @throws StoppedException if it was given up; steps that were taken have drawn their noise
     */
    public Outcome trainPrivately(
            Examples examples,
            float[] parameters,
            TrainingSettings settings,
            double rate,
            int steps,
            ExampleMechanism mechanism,
            RandomStream random,
            GradientCorrection correction) {
        Descent descent = descent(settings, parameters, correction);
        ReleasedValues next = new CompletedSum(network, descent);
        double loss = 0;
        long seen = 0;
        for (int step = 0; step < steps; step++) {
            requireWanted();
            int[] drawn = mechanism.sample();
            long dropout = random.nextLong();
            loss += mechanism.perExample()
                    ? accumulateClipped(examples, drawn, parameters, settings, mechanism, dropout)
                    : accumulate(examples, drawn, 0, drawn.length, parameters, settings, dropout);
            seen += drawn.length;
            descent.begin(rate);
            mechanism.release(gradient, next);
            watcher.step(step + 1, steps);
        }
        return new Outcome(steps, loss / seen);
    }

    /** With a gradient that is zero, as it then is after each step: whoever trained here before may have failed in one. */
    private Descent descent(TrainingSettings settings, float[] parameters, GradientCorrection correction) {
        Arrays.fill(gradient, 0);
        return new Descent(settings.optimizer().create(parameters.length), correction, parameters);
    }

    private double accumulate(
            Examples examples,
            int[] indices,
            int from,
            int to,
            float[] parameters,
            TrainingSettings settings,
            long dropout) {
        double loss = 0;
        for (int at = from; at < to; at += settings.physicalBatchSize()) {
            requireWanted();
            int end = Math.min(to, at + settings.physicalBatchSize());
            loss += network.sumGradients(parameters, new Batch(examples, indices, at, end, dropout), gradient);
        }
        return loss;
    }

    private double accumulateClipped(
            Examples examples,
            int[] drawn,
            float[] parameters,
            TrainingSettings settings,
            ExampleMechanism mechanism,
            long dropout) {
        int piece = Math.min(settings.physicalBatchSize(), MOST_ADDED);
        if (norms.length < piece) {
            norms = new float[piece];
        }
        boolean parts = drawn.length > MOST_ADDED;
        if (parts) {
            beginParts();
        }
        double loss = 0;
        int added = 0;
        for (int at = 0; at < drawn.length; at += piece) {
            requireWanted();
            int end = Math.min(drawn.length, at + piece);
            Batch batch = new Batch(examples, drawn, at, end, dropout);
            loss += !parts && end == drawn.length
                    ? network.beginClippedSum(parameters, batch, mechanism.clipFactors(), gradient, norms)
                    : network.sumClippedGradients(
                            parameters, batch, mechanism.clipFactors(), parts ? part : gradient, norms);
            added += end - at;
            if (parts && (added + piece > MOST_ADDED || end == drawn.length)) {
                addPart();
                added = 0;
            }
        }
        return loss;
    }

    private void beginParts() {
        if (part.length == 0) {
            part = new float[gradient.length];
            lost = new float[gradient.length];
        }
        Arrays.fill(part, 0);
        Arrays.fill(lost, 0);
    }

    /**
     * Adds with compensation (Kahan 1965). In a plain sum of thousands of floats one example more can have all that come after it
     * rounded otherwise, and so move the sum by far more than its gradient, for which the noise is made (Casacuberta et al.
     * 2022).
     */
    private void addPart() {
        for (int i = 0; i < part.length; i++) {
            float term = part[i] - lost[i];
            float next = gradient[i] + term;
            lost[i] = (next - gradient[i]) - term;
            gradient[i] = next;
            part[i] = 0;
        }
    }
}
