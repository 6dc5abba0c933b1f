package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Renyi accounting of many different events")
class ManyEventsTest {
    /** Bit by bit, however many threads work curves out. */
    @Test
    void addsTheirCurvesInTheirOrder() {
        List<DpEvent> events = IntStream.range(0, 60)
                .<DpEvent>mapToObj(
                        i -> new PoissonSampled(0.1, new Gaussian(1 + i / 17.0, 1, NeighbouringRelation.ZERO_OUT)))
                .toList();
        RdpAccountant accountant = RdpAccountant.standard();
        double[] sum = new double[accountant.orders().length];
        for (DpEvent event : events) {
            double[] curve = accountant.divergences(event);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += curve[i];
            }
        }
        assertThat(accountant.divergences(new Composed(events))).isEqualTo(sum);
    }
}
