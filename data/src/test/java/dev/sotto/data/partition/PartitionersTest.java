package dev.sotto.data.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Grouping;
import dev.sotto.data.Partition;
import dev.sotto.data.PartitionSummary;
import dev.sotto.data.Partitioner;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.data.partition.SizePartitioner.Law;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PartitionersTest {
    /** 1,000 examples, label i mod 10. */
    private static final Examples TEN_CLASSES = labelled(1000, 10);

    static List<Partitioner> dealingEverything() {
        return List.of(
                new IidPartitioner(),
                new DirichletPartitioner(0.5),
                new DirichletPartitioner(0.001),
                new DirichletPartitioner(1e6),
                new ShardPartitioner(2),
                new PathologicalPartitioner(3),
                new SizePartitioner(Law.LINEAR),
                new SizePartitioner(Law.SQUARE),
                new SizePartitioner(Law.EXPONENTIAL));
    }

    @ParameterizedTest
    @MethodSource("dealingEverything")
    void dealsEachExampleOnceAndLeavesNobodyEmpty(Partitioner partitioner) {
        for (int clients : new int[] {4, 7, 100}) {
            Partition partition = partitioner.split(TEN_CLASSES, clients, 1);
            assertThat(partition.size()).isEqualTo(clients);
            assertThat(all(partition)).isEqualTo(IntStream.range(0, 1000).toArray());
            assertThat(partition.summary(TEN_CLASSES).min()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("dealingEverything")
    void dependsOnTheSeedAlone(Partitioner partitioner) {
        Partition one = partitioner.split(TEN_CLASSES, 7, 1);
        Partition again = partitioner.split(TEN_CLASSES, 7, 1);
        Partition other = partitioner.split(TEN_CLASSES, 7, 2);
        for (int c = 0; c < 7; c++) {
            assertThat(again.clients().get(c)).isEqualTo(one.clients().get(c));
        }
        assertThat(other.clients().get(6)).isNotEqualTo(one.clients().get(6));
    }

    @ParameterizedTest
    @MethodSource("dealingEverything")
    void refusesMoreClientsThanExamplesInOneLine(Partitioner partitioner) {
        assertThatThrownBy(() -> partitioner.split(labelled(5, 5), 6, 1))
                .isInstanceOf(DataException.class)
                .hasMessage("clients is 6, but there are only 5 examples; each client needs at least one");
        assertThatThrownBy(() -> partitioner.split(labelled(5, 5), 0, 1))
                .hasMessage("clients is 0; there must be at least 1");
    }

    @Test
    void iidIsEven() {
        assertThat(new IidPartitioner()
                        .split(TEN_CLASSES, 7, 1)
                        .summary(TEN_CLASSES)
                        .sizes())
                .allMatch(size -> size == 142 || size == 143);
    }

    @Test
    void dirichletSkewsMoreAsAlphaFalls() {
        assertThat(largestShareOfAClass(0.05)).isGreaterThan(0.6);
        assertThat(largestShareOfAClass(1e6)).isBetween(0.095, 0.125);
        assertThat(largestShareOfAClass(0.5)).isBetween(0.2, 0.6);
    }

    /** Mean over classes of the largest share that one of 10 clients has. */
    private static double largestShareOfAClass(double alpha) {
        Examples examples = labelled(20_000, 10);
        PartitionSummary summary =
                new DirichletPartitioner(alpha).split(examples, 10, 3).summary(examples);
        return IntStream.range(0, 10)
                .mapToDouble(k -> summary.classCounts().stream()
                                .mapToInt(counts -> counts.get(k))
                                .max()
                                .orElseThrow()
                        / 2000.0)
                .average()
                .orElseThrow();
    }

    @Test
    void shardsHoldFewClasses() {
        Partition partition = new ShardPartitioner(2).split(TEN_CLASSES, 10, 1);
        assertThat(partition.summary(TEN_CLASSES).sizes()).containsOnly(100);
        assertThat(classesHeld(partition)).allMatch(held -> held <= 2);
        assertThatThrownBy(() -> new ShardPartitioner(3).split(labelled(10, 2), 4, 1))
                .hasMessage("partition shards: 4 clients with 3 shards each need 12 examples, there are only 10");
    }

    @Test
    void pathologicalGivesExactlyKClasses() {
        assertThat(classesHeld(new PathologicalPartitioner(2).split(TEN_CLASSES, 15, 1)))
                .containsOnly(2L);
        assertThatThrownBy(() -> new PathologicalPartitioner(11).split(TEN_CLASSES, 2, 1))
                .hasMessage("partition pathological: classes-per-client is 11, but only 10 classes have examples");
    }

    @Test
    void sizesFollowTheirLaw() {
        assertThat(sizes(new SizePartitioner(Law.LINEAR), 4)).containsExactly(100, 200, 300, 400);
        assertThat(sizes(new SizePartitioner(Law.SQUARE), 3)).containsExactly(71, 286, 643);
        assertThat(sizes(new SizePartitioner(Law.EXPONENTIAL), 3)).containsExactly(90, 245, 665);
        // Weights that would round to zero still give everybody one.
        assertThat(sizes(new SizePartitioner(Law.EXPONENTIAL), 50).subList(0, 40))
                .containsOnly(1);
    }

    @Test
    void rangesAreContiguous() {
        Partition exact = RangePartitioner.exactly(300, 200).split(TEN_CLASSES, 2, 1);
        assertThat(exact.clients().get(0)).isEqualTo(IntStream.range(0, 300).toArray());
        assertThat(exact.clients().get(1)).isEqualTo(IntStream.range(300, 500).toArray());
        assertThat(sizes(RangePartitioner.inProportion(24_140, 25_860), 2)).containsExactly(483, 517);
        assertThatThrownBy(() -> RangePartitioner.exactly(24_140, 25_860).split(TEN_CLASSES, 2, 1))
                .hasMessage("partition ranges: the sizes [24140, 25860] need 50000 examples, there are only 1000");
        assertThatThrownBy(() -> RangePartitioner.exactly(1, 1).split(TEN_CLASSES, 3, 1))
                .hasMessage("partition ranges: 2 sizes for 3 clients");
    }

    @Test
    void fixedSizesLeaveTheRestOut() {
        Partition partition = new FixedSizePartitioner(30).split(TEN_CLASSES, 20, 1);
        assertThat(partition.summary(TEN_CLASSES).sizes()).hasSize(20).containsOnly(30);
        assertThatThrownBy(() -> new FixedSizePartitioner(30).split(TEN_CLASSES, 40, 1))
                .hasMessage("partition fixed: 40 clients with 30 examples each need 1200, there are only 1000");
    }

    @Test
    void groupsStayTogether() {
        int[] group =
                IntStream.range(0, 60).map(i -> i < 10 ? 0 : i < 30 ? 2 : 3).toArray();
        Examples examples =
                labelled(60, 2).withGroupings(List.of(new Grouping("hospital", List.of("a", "b", "c", "d"), group)));
        GroupPartitioner byHospital = new GroupPartitioner("hospital");
        assertThat(byHospital.split(examples, 3, 1).summary(examples).sizes()).containsExactly(10, 20, 30);
        assertThat(byHospital.split(examples, 2, 1).summary(examples).sizes()).containsExactly(30, 30);
        Examples half = examples.select(IntStream.range(20, 60).toArray());
        assertThat(byHospital.split(half, 2, 1).summary(half).sizes()).containsExactly(10, 30);
        assertThatThrownBy(() -> byHospital.split(examples, 4, 1))
                .hasMessage("partition by hospital: 4 clients, but only 3 groups have examples");
        assertThatThrownBy(() -> GroupPartitioner.byFile().split(examples, 2, 1))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("partition by file: the data have no column 'file'");
    }

    @Test
    void labelPartitionersRefuseRealValues() {
        Examples values = TableExamples.valued("t", Shape.of(1), new Target.Values(1), new float[10], new float[10]);
        assertThatThrownBy(() -> new DirichletPartitioner(1).split(values, 2, 1))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("partition dirichlet needs class labels, but the target is real values");
        assertThat(new IidPartitioner().split(values, 2, 1).summary(values).text())
                .isEqualTo("2 clients, examples per client: min 5, median 5, max 5\n");
    }

    @Test
    void theSummaryPrintsSizesAndClassCounts() {
        Examples examples = labelled(10, 2);
        Partition partition = RangePartitioner.exactly(3, 6).split(examples, 2, 1);
        assertThat(partition.summary(examples).text()).isEqualTo("""
                        2 clients, examples per client: min 3, median 4.5, max 6
                          client     0     1
                               0     2     1
                               1     3     3
                        """);
    }

    @Test
    void aPartitionRefusesOverlapsAndEmptyClients() {
        assertThatThrownBy(() -> new Partition(List.of(new int[] {1, 2}, new int[] {2})))
                .hasMessage("example 2 is with two clients");
        assertThatThrownBy(() -> new Partition(List.of(new int[] {1}, new int[0])))
                .hasMessage("client 1 has no examples");
    }

    private static List<Integer> sizes(Partitioner partitioner, int clients) {
        return partitioner.split(TEN_CLASSES, clients, 1).summary(TEN_CLASSES).sizes();
    }

    private static List<Long> classesHeld(Partition partition) {
        return partition.summary(TEN_CLASSES).classCounts().stream()
                .map(counts -> counts.stream().filter(n -> n > 0).count())
                .toList();
    }

    private static int[] all(Partition partition) {
        return partition.clients().stream()
                .flatMapToInt(Arrays::stream)
                .sorted()
                .toArray();
    }

    private static TableExamples labelled(int size, int classes) {
        int[] labels = IntStream.range(0, size).map(i -> i % classes).toArray();
        return TableExamples.classified("t", Shape.of(1), Target.Classes.numbered(classes), new float[size], labels);
    }
}
