package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.Schedule;
import java.util.OptionalInt;

/**
 * How a client's gradients were made private, in numbers.
 *
 * @param noiseMultiplier standard deviation of the noise over the clipping norm, before schedules
 * @param clipping the rule: flat, per-layer, normalising, adaptive
 * @param clippingNorm the largest L2 norm of a clipped gradient, before schedules
 * @param clipPer {@code example}, or {@code batch} where the batch gradient was clipped as a whole
 * @param noiseSchedule how the noise changed over the steps
 * @param clippingSchedule how the clipping norm changed over the steps
 * @param batchSize the expected batch, a public constant
 * @param samplingRate probability with which an example joins a batch
 * @param stepsPerRound optimizer steps a round takes; empty if that changes over the rounds
 */
public record Mechanism(
        double noiseMultiplier,
        String clipping,
        double clippingNorm,
        String clipPer,
        String noiseSchedule,
        String clippingSchedule,
        int batchSize,
        double samplingRate,
        OptionalInt stepsPerRound) {

    static Mechanism of(ClientPrivacy privacy) {
        ExampleLevelPlan plan = privacy.plan();
        return new Mechanism(
                plan.noise().value(),
                plan.clipping().label(),
                plan.clipping().norm(),
                plan.clipPer().label(),
                words(plan.noiseSchedule()),
                words(plan.clippingSchedule()),
                plan.batchSize(),
                plan.rate().value(),
                privacy.stepsPerRound());
    }

    private static String words(Schedule schedule) {
        if (schedule instanceof Schedule.Exponential exponential) {
            return "times " + exponential.gamma() + " each step";
        }
        if (schedule instanceof Schedule.Steps steps) {
            return "times " + steps.gamma() + " every " + steps.every() + " steps";
        }
        if (schedule instanceof Schedule.Linear linear) {
            return "in a line to " + linear.last() + " of itself at step " + linear.over();
        }
        return "constant";
    }

    ObjectNode json() {
        ObjectNode node = Json.object()
                .put("noiseMultiplier", noiseMultiplier)
                .put("clipping", clipping)
                .put("clippingNorm", clippingNorm)
                .put("clipPer", clipPer)
                .put("noiseSchedule", noiseSchedule)
                .put("clippingSchedule", clippingSchedule)
                .put("batchSize", batchSize)
                .put("samplingRate", samplingRate);
        Json.put(node, "stepsPerRound", stepsPerRound);
        return node;
    }

    static Mechanism parse(JsonNode node) {
        return new Mechanism(
                node.path("noiseMultiplier").asDouble(),
                node.path("clipping").asText(),
                node.path("clippingNorm").asDouble(),
                node.path("clipPer").asText(),
                node.path("noiseSchedule").asText(),
                node.path("clippingSchedule").asText(),
                node.path("batchSize").asInt(),
                node.path("samplingRate").asDouble(),
                Json.integer(node, "stepsPerRound"));
    }
}
