package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExactDivergencesTest {
    static Stream<List<String>> points() {
        return Golden.table("divergences.csv").stream();
    }

    /** Fifty points by quadrature with sixty digits, of which two step widths agree on thirty. */
    @ParameterizedTest
    @MethodSource("points")
    void equalTheDigitsOfLongQuadrature(List<String> row) {
        double rate = Double.parseDouble(row.get(0));
        double sigma = Double.parseDouble(row.get(1));
        double order = Double.parseDouble(row.get(2));
        double expected = Double.parseDouble(row.get(3));
        Gaussian gaussian = new Gaussian(sigma, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE);
        double[] found = RdpAccountant.withOrders(order).divergences(new PoissonSampled(rate, gaussian));
        assertThat(found[0]).isCloseTo(expected, within(1e-9 * expected));
    }
}
