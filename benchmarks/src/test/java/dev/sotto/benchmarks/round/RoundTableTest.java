package dev.sotto.benchmarks.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.benchmarks.round.RoundTable.Setting;
import dev.sotto.federation.clientlevel.NoiseDistribution;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The split of a round's time")
class RoundTableTest {
    @ParameterizedTest
    @EnumSource(NoiseDistribution.class)
    void findsEveryPartOfASmallRound(NoiseDistribution noise) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        RoundTimes times = RoundTable.measure(new Setting("lenet", 12, 10, 6, 5, 3), noise, 2, out);
        assertThat(times.training()).isPositive();
        assertThat(times.adding()).isPositive();
        assertThat(times.updating()).isPositive();
        assertThat(times.noise()).isPositive();
        assertThat(times.wall()).isPositive();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("12 clients of 10 examples, 6 a round, one epoch in batches of 5; noise " + noise.label())
                .contains("aggregation and noise")
                .contains("sgemm bound");
    }

    @Test
    void addsUpToTheRound() {
        RoundTimes times = new RoundTimes(3, 1.9, 0.04, 0.01, 0.05);
        assertThat(times.busy()).isCloseTo(2, within(1e-12));
        assertThat(times.overhead()).isCloseTo(0.05, within(1e-12));
    }

    @Test
    void isOfMedians() {
        List<RoundTimes> rounds =
                List.of(new RoundTimes(1, 5, 1, 1, 1), new RoundTimes(9, 1, 2, 2, 2), new RoundTimes(2, 3, 4, 4, 4));
        assertThat(RoundTimes.medians(rounds)).isEqualTo(new RoundTimes(2, 3, 2, 2, 2));
    }
}
