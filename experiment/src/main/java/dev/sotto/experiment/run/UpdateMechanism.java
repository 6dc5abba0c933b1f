package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.ClientSampling;
import dev.sotto.federation.clientlevel.ClientSampling.Known;
import dev.sotto.federation.clientlevel.NoiseDistribution;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.clientlevel.UpdateClipping.Adaptive;
import dev.sotto.federation.clientlevel.UpdateClipping.PerLayer;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.correlated.NoiseCorrelation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How clients' updates were made private, in numbers that everybody may know.
 *
 * @param noiseMultiplier standard deviation of the noise over the sensitivity of the sum; 0 for clipping alone
 * @param noise where it was added: coordinator, clients or local
 * @param distribution of the noise
 * @param correlation of the noise over the rounds, in words; empty if rounds are independent
 * @param clipping the rule: fixed, adaptive, per-layer
 * @param clippingNorm that bounded updates in the first round; per layer, that of the whole
 * @param layerNorms of each layer; empty if updates were clipped as a whole
 * @param targetQuantile share of the updates that an adaptive norm is to leave as they are
 * @param clippingLearningRate of an adaptive norm
 * @param countStddev of the noise on an adaptive norm's count
 * @param maxWeight examples from which on more weighed no more; empty for equal weights
 * @param noiseStddev of the noise on each value of the first round's sum, at the least
 * @param shareStddev of what each client added by itself; empty where the coordinator did
 * @param sampling poisson, fixed-size, or known
 * @param samplingRate probability with which a client was drawn, or share of the clients
 * @param population clients that could be asked
 * @param separation a client was asked in one of so many rounds at most; empty if in any
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
        List<Double> layerNorms,
        OptionalDouble targetQuantile,
        OptionalDouble clippingLearningRate,
        OptionalDouble countStddev,
        OptionalInt maxWeight,
        double noiseStddev,
        OptionalDouble shareStddev,
        String sampling,
        OptionalDouble samplingRate,
        int population,
        OptionalInt separation,
        double expectedCohort,
        boolean amplified) {

    public UpdateMechanism {
        layerNorms = List.copyOf(layerNorms);
    }

    /** What a plan does. */
    public static UpdateMechanism of(ClientLevelPlan plan) {
        ClientLevelPrivacy asked = plan.asked();
        UpdateClipping clipping = asked.clipping();
        Optional<Adaptive> adaptive = clipping instanceof Adaptive own ? Optional.of(own) : Optional.empty();
        ClientSampling sampling = plan.sampling();
        double norm = clipping.initialNorm();
        return new UpdateMechanism(
                plan.noise().value(),
                asked.noise().label(),
                distribution(asked.noise()),
                plan.correlation().map(NoiseCorrelation::label),
                clipping.label(),
                norm,
                clipping instanceof PerLayer layers
                        ? layers.norms().stream().map(ClippingNorm::value).toList()
                        : List.of(),
                adaptive.map(own -> OptionalDouble.of(own.targetQuantile())).orElse(OptionalDouble.empty()),
                adaptive.map(own -> OptionalDouble.of(own.learningRate())).orElse(OptionalDouble.empty()),
                plan.countStddev(),
                asked.maxWeight(),
                plan.noiseStddev(norm),
                asked.noise().atClients() ? OptionalDouble.of(plan.shareStddev(norm)) : OptionalDouble.empty(),
                kind(sampling),
                rate(sampling),
                sampling.population(),
                sampling instanceof Known known && known.separation() > 1
                        ? OptionalInt.of(known.separation())
                        : OptionalInt.empty(),
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
        return sampling instanceof Known
                ? OptionalDouble.empty()
                : OptionalDouble.of(sampling.expectedClients() / sampling.population());
    }

    /** Whether nothing but clipping was done, which protects nobody. */
    public boolean noiseless() {
        return noiseMultiplier == 0;
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
        ArrayNode norms = node.putArray("layerNorms");
        layerNorms.forEach(norms::add);
        Json.put(node, "targetQuantile", targetQuantile);
        Json.put(node, "clippingLearningRate", clippingLearningRate);
        Json.put(node, "countStddev", countStddev);
        Json.put(node, "maxWeight", maxWeight);
        node.put("noiseStddev", noiseStddev);
        Json.put(node, "shareStddev", shareStddev);
        node.put("sampling", sampling);
        Json.put(node, "samplingRate", samplingRate);
        node.put("population", population);
        Json.put(node, "separation", separation);
        return node.put("expectedCohort", expectedCohort).put("amplified", amplified);
    }

    static UpdateMechanism parse(JsonNode node) {
        List<Double> norms = new ArrayList<>();
        node.path("layerNorms").forEach(norm -> norms.add(norm.asDouble()));
        return new UpdateMechanism(
                node.path("noiseMultiplier").asDouble(),
                node.path("noise").asText(),
                node.path("distribution").asText(),
                Json.text(node, "correlation"),
                node.path("clipping").asText(),
                node.path("clippingNorm").asDouble(),
                norms,
                Json.number(node, "targetQuantile"),
                Json.number(node, "clippingLearningRate"),
                Json.number(node, "countStddev"),
                Json.integer(node, "maxWeight"),
                node.path("noiseStddev").asDouble(),
                Json.number(node, "shareStddev"),
                node.path("sampling").asText(),
                Json.number(node, "samplingRate"),
                node.path("population").asInt(),
                Json.integer(node, "separation"),
                node.path("expectedCohort").asDouble(),
                node.path("amplified").asBoolean());
    }
}
