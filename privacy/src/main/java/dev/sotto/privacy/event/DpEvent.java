package dev.sotto.privacy.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.Optional;

/**
 * Something that was done, or will be, to protected data: what an accountant turns into epsilon. Immutable values; equal
 * events are equal. {@link DpEvents} reads and writes them as JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NoOp.class, name = "no-op"),
    @JsonSubTypes.Type(value = NonPrivate.class, name = "non-private"),
    @JsonSubTypes.Type(value = Gaussian.class, name = "gaussian"),
    @JsonSubTypes.Type(value = Laplace.class, name = "laplace"),
    @JsonSubTypes.Type(value = DiscreteGaussian.class, name = "discrete-gaussian"),
    @JsonSubTypes.Type(value = DiscreteGaussianVector.class, name = "discrete-gaussian-vector"),
    @JsonSubTypes.Type(value = DiscreteLaplace.class, name = "discrete-laplace"),
    @JsonSubTypes.Type(value = MixtureOfGaussians.class, name = "mixture-of-gaussians"),
    @JsonSubTypes.Type(value = RandomizedResponse.class, name = "randomized-response"),
    @JsonSubTypes.Type(value = EpsilonDelta.class, name = "epsilon-delta"),
    @JsonSubTypes.Type(value = Zcdp.class, name = "zcdp"),
    @JsonSubTypes.Type(value = ExponentialMechanism.class, name = "exponential-mechanism"),
    @JsonSubTypes.Type(value = PermuteAndFlip.class, name = "permute-and-flip"),
    @JsonSubTypes.Type(value = RepeatAndSelect.class, name = "repeat-and-select"),
    @JsonSubTypes.Type(value = PoissonSampled.class, name = "poisson-sampled"),
    @JsonSubTypes.Type(value = SampledWithoutReplacement.class, name = "sampled-without-replacement"),
    @JsonSubTypes.Type(value = TruncatedSubsampledGaussian.class, name = "truncated-subsampled-gaussian"),
    @JsonSubTypes.Type(value = SingleEpochTreeAggregation.class, name = "single-epoch-tree-aggregation"),
    @JsonSubTypes.Type(value = Composed.class, name = "composed"),
    @JsonSubTypes.Type(value = SelfComposed.class, name = "self-composed")
})
public sealed interface DpEvent
        permits NoOp,
                NonPrivate,
                Gaussian,
                Laplace,
                DiscreteGaussian,
                DiscreteGaussianVector,
                DiscreteLaplace,
                MixtureOfGaussians,
                RandomizedResponse,
                EpsilonDelta,
                Zcdp,
                ExponentialMechanism,
                PermuteAndFlip,
                RepeatAndSelect,
                PoissonSampled,
                SampledWithoutReplacement,
                TruncatedSubsampledGaussian,
                SingleEpochTreeAggregation,
                Composed,
                SelfComposed {
    /** The neighbouring relation that the event is stated under; empty if it holds under any. */
    Optional<NeighbouringRelation> neighbours();
}
