package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.ClientSampling;
import dev.sotto.federation.clientlevel.NoiseDistribution;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.clientlevel.UpdateNoise;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How clients' updates were made private, in numbers that everybody may know.
 *
 * @param noiseMultiplier standard deviation of the noise over the sensitivity of the sum
 * @param noise where it was added: coordinator, clients or local
 * @param distribution of the noise
 * @param correlation of the noise over the rounds, in words; empty if rounds are independent
 * @param clipping the rule: fixed, adaptive, per-layer
 * @param clippingNorm that bounded updates in the first round
 * @param targetQuantile share of the updates that an adaptive norm is to leave as they are
 * @param clippingLearningRate of an adaptive norm
 * @param countStddev of the noise on an adaptive norm's count
 * @param noiseStddev of the noise on each value of the first round's sum
 * @param sampling poisson, fixed-size, or known
 * @param samplingRate probability with which a client was drawn, or share of the clients
 * @param population clients that could be asked
 * @param expectedCohort the public constant that sums were divided by
 * @param amplified whether the guarantee counts on the secrecy of the cohorts
 */
public record UpdateMechanism(
        double noiseMultiplier,
        String noise,
        String distribution,
        Optional<String> correlation,
        String clipping,
        double clippingNorm,
        OptionalDouble targetQuantile,
        OptionalDouble clippingLearningRate,
        OptionalDouble countStddev,
        double noiseStddev,
        String sampling,
        OptionalDouble samplingRate,
        int population,
        double expectedCohort,
        boolean amplified) {

    /** What a plan does. */
    public static UpdateMechanism of(ClientLevelPlan plan) {
        double norm = plan.asked().clipping().initialNorm();
        ClientSampling sampling = plan.sampling();
        Optional<UpdateClipping.Adaptive> adaptive =
                plan.asked().clipping() instanceof UpdateClipping.Adaptive own ? Optional.of(own) : Optional.empty();
        return new UpdateMechanism(
                plan.noise().value(),
                plan.asked().noise().label(),
                distribution(plan.asked().noise()),
                plan.asked().noise() instanceof UpdateNoise.Correlated correlated
                        ? Optional.of(correlated.kind().label())
                        : Optional.empty(),
                plan.asked().clipping().label(),
                norm,
                adaptive.map(own -> OptionalDouble.of(own.targetQuantile())).orElse(OptionalDouble.empty()),
                adaptive.map(own -> OptionalDouble.of(own.learningRate())).orElse(OptionalDouble.empty()),
                plan.countStddev(),
                plan.noiseStddev(norm),
                kind(sampling),
                rate(sampling),
                sampling.population(),
                sampling.expectedClients(),
                plan.amplifies());
    }

    private static String distribution(UpdateNoise noise) {
        return noise instanceof UpdateNoise.AtCoordinator own
                ? own.distribution().label()
                : NoiseDistribution.GAUSSIAN.label();
    }

    private static String kind(ClientSampling sampling) {
        if (sampling instanceof ClientSampling.Poisson) {
            return "poisson";
        }
        return sampling instanceof ClientSampling.FixedSize ? "fixed-size" : "known";
    }

    private static OptionalDouble rate(ClientSampling sampling) {
        return sampling instanceof ClientSampling.Known
                ? OptionalDouble.empty()
                : OptionalDouble.of(sampling.expectedClients() / sampling.population());
    }

    /** Whether the clipping norm moved from round to round. */
    public boolean adaptive() {
        return targetQuantile.isPresent();
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("noiseMultiplier", noiseMultiplier).put("noise", noise);
        node.put("distribution", distribution);
        Json.put(node, "correlation", correlation);
        node.put("clipping", clipping).put("clippingNorm", clippingNorm);
        Json.put(node, "targetQuantile", targetQuantile);
        Json.put(node, "clippingLearningRate", clippingLearningRate);
        Json.put(node, "countStddev", countStddev);
        node.put("noiseStddev", noiseStddev).put("sampling", sampling);
        Json.put(node, "samplingRate", samplingRate);
        return node.put("population", population)
                .put("expectedCohort", expectedCohort)
                .put("amplified", amplified);
    }

    static UpdateMechanism parse(JsonNode node) {
        return new UpdateMechanism(
                node.path("noiseMultiplier").asDouble(),
                node.path("noise").asText(),
                node.path("distribution").asText(),
                Json.text(node, "correlation"),
                node.path("clipping").asText(),
                node.path("clippingNorm").asDouble(),
                Json.number(node, "targetQuantile"),
                Json.number(node, "clippingLearningRate"),
                Json.number(node, "countStddev"),
                node.path("noiseStddev").asDouble(),
                node.path("sampling").asText(),
                Json.number(node, "samplingRate"),
                node.path("population").asInt(),
                node.path("expectedCohort").asDouble(),
                node.path("amplified").asBoolean());
    }
}
