package dev.sotto.experiment.run;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.clipping.AdaptiveClipping;
import java.util.ArrayList;
import java.util.List;

/** The sentences of a privacy statement: what a guarantee means, rests on, and leaves open. */
final class Wording {
    static final String OVERALL = "the maximum over the clients, because each example is in one client and never moves";
    static final String BY_LIMIT = "the limit that every client's ledger enforces, since who took part is secret";
    static final String IN_EVERY_ROUND =
            "what a client would have spent that took part in every round, since who did is secret";
    static final String UNDECLARED =
            "not stated: it would follow from numbers of examples and from who took part, which are protected; declare epsilon,"
                    + " or sampling-rate and steps";
    static final String REPORTED =
            "as the client's own ledger reports: it holds reserves of rounds that were never released, which are spent all the"
                    + " same";
    static final String NOTHING = "no privacy was asked for, so updates left the clients as they were";
    static final String NOTHING_COVERED =
            "Everything: the model and each update may reveal the examples that they were trained on.";
    static final String ARITHMETIC =
            "Gaussian noise in floating point; every released value is rounded to a grid, a power of two chosen from the noise's"
                    + " scale alone. The accountant's bound is that of the exact Gaussian.";

    static final String METRICS =
            "Accuracy on what clients hold back is released with noise, and its cost is part of the same" + " events.";
    static final String TEST_DATA = "Test data are taken as public: the measurements on them have no guarantee.";

    private Wording() {}

    static List<String> always(boolean seeded) {
        List<String> all = new ArrayList<>();
        if (seeded) {
            all.add("This run is reproducible, not private: whoever knows the seed can draw the noise again.");
        }
        all.add("Tuning is not accounted: trying settings on the same data and keeping the best one spends more.");
        return all;
    }

    static List<String> assumptions(ExamplePrivacy privacy, boolean standardTraining) {
        List<String> all = new ArrayList<>();
        all.add(relation(privacy.relation()));
        all.addAll(mechanism(privacy, standardTraining));
        all.add(
                "Batch size, sampling rate, number of steps, model, learning rates and preprocessing are public constants:"
                        + " none was chosen by looking at the protected data.");
        return all;
    }

    /** Beside client-level privacy, which protects the numbers of examples that the relation alone would make public. */
    static List<String> assumptionsInsideClients(ExamplePrivacy privacy, boolean standardTraining) {
        List<String> all = new ArrayList<>();
        String difference = privacy.relation() == NeighbouringRelation.REPLACE_ONE
                ? "is replaced by any other"
                : "contributes or does not";
        all.add("For the figure of an example, neighbouring data sets differ in one example, which " + difference + " ("
                + privacy.relation().label() + ").");
        all.addAll(mechanism(privacy, standardTraining));
        return all;
    }

    private static List<String> mechanism(ExamplePrivacy privacy, boolean standardTraining) {
        List<String> all = new ArrayList<>();
        all.add("Each example is with one client only and stays there.");
        all.add("Batches are drawn by Poisson sampling, each example by itself, and nobody learns the draws.");
        all.add(
                privacy.clipPer() == ClipPer.EXAMPLE
                        ? "Each example's gradient is clipped before the sum, noise is added once to the sum, and the sum is"
                                + " divided by a public constant."
                        : "The gradient of each batch is clipped as a whole; one example can move it by twice the clipping"
                                + " norm, and it is accounted so.");
        if (privacy.clipping() instanceof AdaptiveClipping) {
            all.add("The clipping norm follows a noised count whose cost is part of the same events.");
        }
        all.add(
                "Noise is added at each client, so the guarantee also holds against the coordinator and the other clients,"
                        + " who see every update.");
        if (!standardTraining) {
            all.add(
                    "Clients train with code of their own: the guarantee holds only if that code uses examples through the"
                            + " mechanism alone, which is not checked.");
        }
        return all;
    }

    static String randomness(boolean seeded) {
        return seeded
                ? "Sampling and noise came from a seed: the figures are those of the same run with secret randomness."
                : "Sampling and noise came from a cryptographic generator keyed by the operating system, and the keys"
                        + " were kept nowhere.";
    }

    private static String relation(NeighbouringRelation relation) {
        return switch (relation) {
            case ZERO_OUT ->
                "Neighbouring data sets differ in one example, which is replaced by nothing (zero-out). The list of clients"
                        + " and the number of examples of each are public.";
            case ADD_OR_REMOVE_ONE ->
                "Neighbouring data sets differ in one example that is there or not (add-or-remove-one). The sampling rates are"
                        + " declared constants.";
            case REPLACE_ONE ->
                "Neighbouring data sets differ in one example that is replaced by any other (replace-one). The list of"
                        + " clients and the number of examples of each are public.";
        };
    }

    static List<String> notCovered(boolean seeded) {
        List<String> all = new ArrayList<>();
        all.addAll(always(seeded));
        all.add("A person with several examples is protected less: the guarantee is for one example.");
        all.add(TEST_DATA);
        all.add("Other uses of the same data, before or after this run, add to what is spent.");
        all.add(
                "That a client takes part at all is not hidden, nor what can be inferred about everybody from the model.");
        return all;
    }
}
