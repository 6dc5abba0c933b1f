package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamDivergencesTest {
    /** The values of upstream's own test, at its tolerance; order 1.5 is where its series is loose. */
    @ParameterizedTest
    @CsvSource({"1.5, 6.70579741e-4", "2.5, 1.08548710e-3", "5, 2.18075656e-3", "50, 2.38460375e-2"})
    void theCompatibleModeGivesUpstreamsDivergences(double order, double upstream) {
        RdpAccountant compatible = RdpAccountant.googleCompatible();
        double[] divergences = compatible.divergences(RdpGoldensTest.sgd(0.01, 2.5, 50));
        int at = Arrays.binarySearch(compatible.orders(), order);
        assertThat(divergences[at]).isCloseTo(upstream, within(1e-4 * upstream));
    }
}
