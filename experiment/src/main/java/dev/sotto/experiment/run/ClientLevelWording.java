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
        return "Clipped updates are added as whole numbers on a fixed grid, cut toward zero, so that none grows; Gaussian noise"
                + " in floating point is rounded to that grid before it is added, and the released mean to a coarser one, a"
                + " power of two chosen from the noise's scale alone. The accountant's bound is that of the exact Gaussian.";
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
        all.add(
                "Clipping, noise, cohort, rounds, model, learning rates and preprocessing are public constants: none was chosen"
                        + " by looking at the protected data.");
        return all;
    }

    private static String bound(UpdateMechanism mechanism) {
        return "Each client's update is clipped, all count the same, and their sum is divided by a public constant, the"
                + " expected cohort of " + number(mechanism.expectedCohort())
                + ", not by the number of replies: a client"
                + " that drops out is an update of zero.";
    }

    private static String sampling(UpdateMechanism mechanism) {
        String learns = ", and nobody learns the draws; whoever does, as the coordinator does, has the larger figure.";
        return switch (mechanism.sampling()) {
            case "poisson" ->
                mechanism.amplified()
                        ? "Each round draws each client by itself with probability "
                                + number(mechanism.samplingRate().orElseThrow()) + learns
                        : "Every client is asked in every round, so there are no draws to learn.";
            case "fixed-size" ->
                mechanism.amplified()
                        ? "Each round draws " + number(mechanism.expectedCohort()) + " of " + mechanism.population()
                                + " clients, each set equally likely" + learns
                        : "Every client is asked in every round, so there are no draws to learn.";
            default -> "Who takes part in a round is taken as known: the figure counts on no draw.";
        };
    }

    private static String noise(UpdateMechanism mechanism) {
        return switch (mechanism.noise()) {
            case "clients" ->
                "Each client adds a share of the noise. A share alone hides little: the coordinator must see nothing but the"
                        + " sum (secure aggregation), or be trusted like one that adds the noise itself.";
            case "local" ->
                "Each client adds all of the noise before its update leaves it, so the larger figure also holds against the"
                        + " coordinator.";
            default ->
                "The coordinator adds the noise, once to the sum. It sees each update before, and who sent it: it is trusted,"
                        + " and no figure holds against it. They hold against whoever sees the models.";
        };
    }

    private static String relation(String relation) {
        return switch (relation) {
            case "add-or-remove-one" ->
                "Neighbouring federations differ in one client, with everything it holds, that takes part or does not.";
            case "replace-one" ->
                "Neighbouring federations differ in one client whose data are replaced by any other data.";
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
