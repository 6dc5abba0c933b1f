package dev.sotto.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A step's operations")
class StepFlopsTest {
    @Test
    @DisplayName("are those of lenet, counted by hand")
    void lenet() {
        StepFlops flops = StepFlops.of(Workload.of("lenet", 1).spec());
        long first = 2L * 6 * 28 * 28 * 75;
        long rest = 2L * (16 * 10 * 10 * 150 + 400 * 120 + 120 * 84 + 84 * 10);
        assertThat(flops).isEqualTo(new StepFlops(first + rest, first + rest, rest));
        assertThat(flops.total()).isEqualTo(2 * first + 3 * rest);
    }

    @Test
    @DisplayName("are 2.1 million for mnist-cnn and 99 million for pfl-cnn")
    void others() {
        assertThat(StepFlops.of(Workload.of("mnist-cnn", 1).spec()).total()).isBetween(2_100_000L, 2_200_000L);
        assertThat(StepFlops.of(Workload.of("pfl-cnn", 1).spec()).total()).isBetween(99_000_000L, 100_000_000L);
    }

    @Test
    @DisplayName("are taken by every kind of step of a workload")
    void steps() {
        Workload workload = Workload.of("lenet", 2);
        workload.privateStep();
        workload.clippedStep();
        workload.plainStep();
        assertThat(workload.batchSize()).isEqualTo(2);
    }
}
