package dev.sotto.experiment.run;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The sentences of a privacy statement that speak of whole clients. */
final class ClientLevelWording {
    static final String OVERALL = "one figure for every client, because the same holds for each of them";

    private ClientLevelWording() {}

    static String arithmetic(UpdateMechanism mechanism) {
        String sum =
                "Clipped updates are added as whole numbers on a grid that follows from public numbers alone, cut toward"
                        + " zero, so that none grows.";
        if (mechanism.noiseless()) {
            return sum;
        }
        if (mechanism.distribution().equals("discrete-gaussian")) {
            return sum
                    + " Discrete Gaussian noise is added to the whole numbers, so that the released bits hide nothing, and"
                    + " the accountant's bound is that of this noise.";
        }
        return sum
                + " Gaussian noise in floating point is rounded to a grid, a power of two chosen from its scale alone, and"
                + " so is what is released. The accountant's bound is that of the exact Gaussian.";
    }

    static List<String> assumptions(ClientLevelGuarantee own) {
        UpdateMechanism mechanism = own.mechanism();
        List<String> all = new ArrayList<>();
        all.add(relation(own.relation()));
        all.add(bound(mechanism));
        if (mechanism.adaptive()) {
            all.add(
                    "The clipping norm follows a noised count of the updates that lie within it; sum and count together are one"
                            + " release in the events.");
        }
        all.add(sampling(mechanism));
        all.add(noise(mechanism));
        if (mechanism.correlation().isPresent()) {
            all.add(
                    "Each round's noise takes back part of the noise of rounds before, and the whole run is one event. The noise"
                            + " still to be taken back is a secret of the coordinator's.");
        }
        all.add(
                "Clipping, noise, cohort, rounds, model, learning rates and preprocessing are public constants: none was chosen"
                        + " by looking at the protected data.");
        return all;
    }

    private static String bound(UpdateMechanism mechanism) {
        String clipped = mechanism.layerNorms().isEmpty() ? "is clipped" : "is clipped layer by layer";
        String weights = mechanism.maxWeight().isPresent()
                ? "weighs its examples up to " + mechanism.maxWeight().getAsInt() + " over that number"
                : "counts the same";
        String missing = mechanism.noise().equals("local") ? "." : ": a client that drops out is an update of zero.";
        return "Each client's update " + clipped + " and " + weights
                + ", and their sum is divided by a public constant, the" + " expected cohort of "
                + number(mechanism.expectedCohort()) + ", not by the number of replies" + missing;
    }

    private static String sampling(UpdateMechanism mechanism) {
        String learns =
                ", every round is released, and nobody learns the draws; for whoever does, as the coordinator does, the"
                        + " larger figure holds, which is about what a client sent, not about whether it takes part.";
        if (mechanism.separation().isPresent()) {
            return "No client takes part in two rounds that are less than "
                    + mechanism.separation().getAsInt() + " apart; who takes part is taken as known.";
        }
        if (!mechanism.amplified()) {
            return "Who takes part in a round is taken as known: the figure counts on no draw.";
        }
        return mechanism.sampling().equals("poisson")
                ? "Each round draws each client by itself with probability "
                        + number(mechanism.samplingRate().orElseThrow()) + learns
                : "Each round draws " + number(mechanism.expectedCohort()) + " of " + mechanism.population()
                        + " clients, each set equally likely" + learns;
    }

    private static String noise(UpdateMechanism mechanism) {
        if (mechanism.noiseless()) {
            return "No noise was added: updates were clipped, and nobody is protected.";
        }
        return switch (mechanism.noise()) {
            case "clients" ->
                "Each client adds a share of the noise. A share alone hides little: the coordinator must see nothing but the"
                        + " sum (secure aggregation), or be trusted like one that adds the noise itself.";
            case "local" ->
                "Each client adds all of the noise before its update leaves it, so the figure also holds against the"
                        + " coordinator.";
            default ->
                "The coordinator adds the noise, once to the sum. It sees each update before, and who sent it: it is trusted,"
                        + " and no figure holds against it. They hold against whoever sees the models.";
        };
    }

    private static String relation(String relation) {
        return switch (relation) {
            case "add-or-remove-one" ->
                "Neighbouring federations differ in one client, with everything it holds, that takes part or does not. The number"
                        + " of clients, which sums are divided by, is a declared constant: it is not hidden.";
            case "replace-one" ->
                "Neighbouring federations differ in one client whose data are replaced by any other data; how many clients"
                        + " there are is public.";
            default ->
                "Neighbouring federations differ in one client whose updates are replaced by nothing; how many clients there"
                        + " are is public.";
        };
    }

    static List<String> notCovered(boolean seeded) {
        List<String> all = new ArrayList<>(Wording.always(seeded));
        all.add("Somebody with data at several clients is protected less: the guarantee is for one client.");
        all.add(Wording.TEST_DATA);
        all.add("Other runs with the same clients, before or after this one, add to what is spent.");
        all.add(
                "Which clients are on the list is not hidden, nor what can be inferred about everybody from the model.");
        all.add(
                "How long a round takes may tell how many took part: these files say nothing of it, an observer's clock may.");
        return all;
    }

    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
        return rounded.toPlainString();
    }
}
