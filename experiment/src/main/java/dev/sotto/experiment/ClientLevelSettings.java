package dev.sotto.experiment;

import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateBound;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * The section {@code privacy.client-level}. What it asks for is complete only with the federation and the model: delta
 * follows from how many clients there are, clipping per layer from how many layers have parameters.
 */
final class ClientLevelSettings {
    /** Norms that arithmetic on updates leaves their meaning. */
    private static final Interval NORMS = new Interval(UpdateBound.SMALLEST_NORM, UpdateBound.LARGEST_NORM, false);

    /** Noise for less is searched for on grids of losses that become as fine as epsilon is small. */
    private static final double LEAST_EPSILON = 0.01;

    private final Optional<Epsilon> epsilon;
    private final Optional<Delta> delta;
    private final Optional<NoiseMultiplier> multiplier;
    private final IntFunction<UpdateClipping> clipping;
    private final UpdateNoise noise;
    private final OptionalInt maxWeight;
    private final Optional<NeighbouringRelation> relation;
    private final AccountantChoice accountant;
    private final boolean hardLimit;

    private ClientLevelSettings(Section section) {
        epsilon = section.number("epsilon", Interval.POSITIVE).map(Epsilon::new);
        multiplier = section.number("noise-multiplier", Interval.NOT_NEGATIVE).map(NoiseMultiplier::new);
        if (epsilon.isEmpty() && multiplier.isEmpty()) {
            throw section.error(
                    "give epsilon (noise is calibrated to it), noise-multiplier, or both (epsilon is the limit)");
        }
        delta = section.number("delta", Interval.PROPORTION).map(Delta::new);
        clipping = clipping(section);
        noise = UpdateNoiseReader.read(section);
        maxWeight = section.integer("max-weight", 1, Integer.MAX_VALUE)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
        List<String> relations = Arrays.stream(NeighbouringRelation.values())
                .map(NeighbouringRelation::label)
                .toList();
        relation =
                Optional.ofNullable(section.choice("relation", relations, null)).map(NeighbouringRelation::parse);
        List<String> accountants = Arrays.stream(AccountantChoice.values())
                .map(AccountantChoice::label)
                .toList();
        // Local noise is calibrated to the exact Gaussian (Balle, Wang 2018), so it is enforced by that too.
        AccountantChoice usual = noise instanceof UpdateNoise.Local ? AccountantChoice.TIGHTEST : AccountantChoice.RDP;
        accountant = AccountantChoice.parse(section.choice("accountant", accountants, usual.label()));
        hardLimit = section.flag("hard-limit", true);
        section.end();
        boolean searched =
                multiplier.isEmpty() && accountant != AccountantChoice.RDP && !(noise instanceof UpdateNoise.Local);
        if (searched && epsilon.orElseThrow().value() < LEAST_EPSILON) {
            throw section.error(
                    "epsilon",
                    epsilon.get() + " is less than the " + LEAST_EPSILON
                            + " that noise is worked out for under accountant " + accountant.label()
                            + "; give noise-multiplier, or use accountant: rdp");
        }
    }

    static ClientLevelSettings read(Section section) {
        return new ClientLevelSettings(section);
    }

    private static IntFunction<UpdateClipping> clipping(Section section) {
        String kind = section.choice("clipping", List.of("fixed", "adaptive", "per-layer"), "fixed");
        if (kind.equals("per-layer") && section.has("clipping-norms")) {
            List<ClippingNorm> norms = section.numbers("clipping-norms", NORMS).stream()
                    .map(ClippingNorm::new)
                    .toList();
            return layers -> perLayer(section, norms, layers);
        }
        double usual = kind.equals("adaptive") ? UpdateClipping.Adaptive.INITIAL_NORM : 1;
        ClippingNorm norm = new ClippingNorm(section.number("clipping-norm", usual, Interval.POSITIVE));
        return switch (kind) {
            case "per-layer" -> layers -> UpdateClipping.PerLayer.evenly(norm, layers);
            case "adaptive" -> {
                UpdateClipping adaptive = adaptive(section, norm);
                yield layers -> adaptive;
            }
            default -> layers -> new UpdateClipping.Fixed(norm);
        };
    }

    private static UpdateClipping perLayer(Section section, List<ClippingNorm> norms, int layers) {
        if (norms.size() != layers) {
            throw section.error(
                    "clipping-norms",
                    "it has " + norms.size() + (norms.size() == 1 ? " entry" : " entries") + ", and the model has "
                            + layers + " layers with parameters; there must be one for each");
        }
        return new UpdateClipping.PerLayer(norms);
    }

    private static UpdateClipping adaptive(Section section, ClippingNorm initial) {
        Optional<Double> count = section.number("count-stddev", Interval.POSITIVE);
        return new UpdateClipping.Adaptive(
                initial,
                section.number("target-quantile", UpdateClipping.Adaptive.TARGET_QUANTILE, Interval.PROPORTION),
                section.number("clipping-learning-rate", UpdateClipping.Adaptive.LEARNING_RATE, Interval.POSITIVE),
                count.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
    }

    /** Whether updates may weigh their clients' examples, because no client's weight passes a cap. */
    boolean capsWeights() {
        return maxWeight.isPresent();
    }

    /** The least number of updates that a round may be released with, unless the experiment says more. */
    int leastClients() {
        return noise.atClients() ? 1 : 0;
    }

    /** What is asked for in a federation of that many clients, with a model of so many layers with parameters. */
    ClientLevelPrivacy privacy(int clients, int layers) {
        return new ClientLevelPrivacy(
                epsilon,
                delta.orElseGet(() -> Delta.below(clients)),
                multiplier,
                clipping.apply(layers),
                noise,
                maxWeight,
                relation,
                accountant,
                hardLimit);
    }
}
