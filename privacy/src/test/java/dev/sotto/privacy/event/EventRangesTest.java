package dev.sotto.privacy.event;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For every type of event, each parameter out of range is refused in a line that names it, its value and its range. */
class EventRangesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            gaussian | "standardDeviation": 0, "clippingNorm": 1, "relation": "zero-out" | standard deviation of the Gaussian event is 0.0; it must be a finite number above 0
            gaussian | "standardDeviation": 1, "clippingNorm": -2, "relation": "zero-out" | clipping norm of the Gaussian event is -2.0; it must be a finite number above 0
            gaussian | "standardDeviation": 1e400, "clippingNorm": 1, "relation": "zero-out" | standard deviation of the Gaussian event is Infinity; it must be
            gaussian | "standardDeviation": 1, "clippingNorm": 1, "relation": "replace" | neighbouring relation is 'replace'; it must be one of
            gaussian | "standardDeviation": 1, "clippingNorm": 1, "relation": "zero-out", "clipPer": "step" | clip-per is 'step'; it must be
            laplace | "scale": 0, "clippingNorm": 1, "relation": "zero-out" | scale of the Laplace event is 0.0; it must be a finite number above 0
            laplace | "scale": 1, "clippingNorm": 0, "relation": "zero-out" | clipping norm of the Laplace event is 0.0; it must be a finite number above 0
            discrete-gaussian | "sigma": -1, "clippingNorm": 1, "relation": "zero-out" | sigma of the discrete Gaussian event is -1.0; it must be a finite number above 0
            discrete-gaussian | "sigma": 1, "clippingNorm": 0, "relation": "zero-out" | clipping norm of the discrete Gaussian event is 0; it must be at least 1
            discrete-gaussian | "sigma": 1, "clippingNorm": 1.5, "relation": "zero-out" | clippingNorm is '1.5'; it must be a whole number
            discrete-laplace | "parameter": 0, "clippingNorm": 1, "relation": "zero-out" | parameter of the discrete Laplace event is 0.0; it must be a finite number above 0
            discrete-laplace | "parameter": 1, "clippingNorm": -1, "relation": "zero-out" | clipping norm of the discrete Laplace event is -1; it must be at least 1
            mixture-of-gaussians | "standardDeviation": 0, "sensitivities": [1], "probabilities": [1], "relation": "zero-out" | standard deviation of the mixture of Gaussians is 0.0; it must be
            mixture-of-gaussians | "standardDeviation": 1, "sensitivities": [-1], "probabilities": [1], "relation": "zero-out" | sensitivity of the mixture of Gaussians is -1.0; it must be a finite number, 0 or above
            mixture-of-gaussians | "standardDeviation": 1, "sensitivities": [1], "probabilities": [1.5], "relation": "zero-out" | probability of the mixture of Gaussians is 1.5; it must be between 0 and 1
            mixture-of-gaussians | "standardDeviation": 1, "sensitivities": [1, 2], "probabilities": [0.5, 0.4], "relation": "zero-out" | probabilities that add up to 0.9; there must be one for each, adding up to 1
            mixture-of-gaussians | "standardDeviation": 1, "sensitivities": [1, null], "probabilities": [0.5, 0.5], "relation": "zero-out" | an element of the list of sensitivities of the mixture of Gaussians is missing
            mixture-of-gaussians | "standardDeviation": 1, "sensitivities": [1], "probabilities": [1], "relation": "replace-one" | relation of the mixture of Gaussians is replace-one; it must be add-or-remove-one or zero-out
            randomized-response | "noiseParameter": 0, "buckets": 2, "relation": "zero-out" | noise parameter of the randomized-response event is 0.0; it must be above 0 and at most 1
            randomized-response | "noiseParameter": 0.5, "buckets": 1, "relation": "zero-out" | buckets of the randomized-response event is 1; it must be at least 2
            randomized-response | "noiseParameter": 0.5, "buckets": 2, "relation": "add-or-remove-one" | relation of the randomized response is add-or-remove-one; it must be
            epsilon-delta | "epsilon": -1, "delta": 0 | epsilon of the epsilon-delta event is -1.0; it must be a finite number, 0 or above
            epsilon-delta | "epsilon": 1, "delta": 2 | delta of the epsilon-delta event is 2.0; it must be between 0 and 1
            zcdp | "rho": -1, "xi": 0 | rho of the zCDP event is -1.0; it must be a finite number, 0 or above
            zcdp | "rho": 1, "xi": -1 | xi of the zCDP event is -1.0; it must be a finite number, 0 or above
            exponential-mechanism | "epsilon": 0 | epsilon of the exponential mechanism is 0.0; it must be a finite number above 0
            permute-and-flip | "epsilon": -1 | epsilon of permute-and-flip is -1.0; it must be a finite number above 0
            repeat-and-select | "event": {"type": "no-op"}, "mean": 0.5, "shape": 1 | mean of repeat-and-select is 0.5; it must be finite and at least 1
            repeat-and-select | "event": {"type": "no-op"}, "mean": 2, "shape": -1 | shape of repeat-and-select is -1.0; it must be 0 or above
            poisson-sampled | "rate": 1.5, "event": {"type": "no-op"} | sampling rate of the Poisson-sampled event is 1.5; it must be above 0 and at most 1
            poisson-sampled | "rate": 0.5 | event under Poisson sampling is missing
            sampled-without-replacement | "population": 10, "sample": 0, "event": {"type": "no-op"} | sample of the event sampled without replacement is 0; it must be at least 1
            sampled-without-replacement | "population": 10, "sample": 11, "event": {"type": "no-op"} | population of the event sampled without replacement is 10; it must be at least 11
            truncated-subsampled-gaussian | "population": 0, "rate": 0.5, "largestBatch": 1, "standardDeviation": 1, "clippingNorm": 1, "relation": "zero-out" | population of the truncated subsampled Gaussian is 0; it must be at least 1
            truncated-subsampled-gaussian | "population": 9, "rate": 0, "largestBatch": 1, "standardDeviation": 1, "clippingNorm": 1, "relation": "zero-out" | sampling rate of the truncated subsampled Gaussian is 0.0; it must be above 0 and at most 1
            truncated-subsampled-gaussian | "population": 9, "rate": 0.5, "largestBatch": 0, "standardDeviation": 1, "clippingNorm": 1, "relation": "zero-out" | largest batch of the truncated subsampled Gaussian is 0; it must be at least 1
            truncated-subsampled-gaussian | "population": 9, "rate": 0.5, "largestBatch": 1, "standardDeviation": 0, "clippingNorm": 1, "relation": "zero-out" | standard deviation of the truncated subsampled Gaussian is 0.0; it must be
            truncated-subsampled-gaussian | "population": 9, "rate": 0.5, "largestBatch": 1, "standardDeviation": 1, "clippingNorm": 0, "relation": "zero-out" | clipping norm of the truncated subsampled Gaussian is 0.0; it must be
            single-epoch-tree-aggregation | "standardDeviation": 0, "clippingNorm": 1, "steps": [4], "relation": "zero-out" | standard deviation of the tree aggregation is 0.0; it must be
            single-epoch-tree-aggregation | "standardDeviation": 1, "clippingNorm": 0, "steps": [4], "relation": "zero-out" | clipping norm of the tree aggregation is 0.0; it must be
            single-epoch-tree-aggregation | "standardDeviation": 1, "clippingNorm": 1, "steps": [0], "relation": "zero-out" | steps of a tree is 0; it must be at least 1
            single-epoch-tree-aggregation | "standardDeviation": 1, "clippingNorm": 1, "steps": [], "relation": "zero-out" | the tree aggregation has no trees; it must have at least one
            single-epoch-tree-aggregation | "standardDeviation": 1, "clippingNorm": 1, "steps": [4], "relation": "add-or-remove-one" | relation of the tree aggregation is add-or-remove-one; it must be
            composed | "events": [null] | an element of the list of composed events is missing
            composed | "events": 3 | events is missing or of another kind; it must be a list
            self-composed | "event": {"type": "no-op"}, "count": -1 | count of the self-composed event is -1; it must be at least 0
            self-composed | "event": {"type": "no-op"}, "count": 1.5 | count is '1.5'; it must be a whole number
            self-composed | "event": {"type": "no-op"} | count is missing or of another kind; it must be a whole number
            no-op | "epsilon": 1 | 'epsilon' is no part of it; that event has none
            non-private | "epsilon": 1 | 'epsilon' is no part of it; that event has none
            """)
    void outOfRange(String type, String parts, String refusal) {
        assertThatThrownBy(() -> DpEvents.fromJson("{\"type\": \"" + type + "\", " + parts + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(refusal)
                .message()
                .doesNotContain("\n", "DeserializationFeature", "dev.sotto");
    }

    /** Deep inside, the path tells where. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type": "composed", "events": [{"type": "no-op"}, {"type": "laplace", "scale": 1, "relation": "zero-out"}]} | events[1].clippingNorm is missing or of another kind; it must be a number
            {"type": "self-composed", "count": 2, "event": {"type": "gausian"}} | type is 'gausian' at event; it must be one of no-op, non-private, gaussian
            {"x": 1} | type is missing; it must be one of
            {"type": "gaussian", "standardDeviation": 1, "clippingNorm": 1, "relation": "zero-out", "sigma": 1} | 'sigma' is no part of it; its parts are clipPer, clippingNorm, relation, standardDeviation
            """)
    void whereItIs(String json, String refusal) {
        assertThatThrownBy(() -> DpEvents.fromJson(json)).hasMessageContaining(refusal);
    }
}
