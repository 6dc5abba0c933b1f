package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.learning.LayerSpec.Embedding;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.Linear;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Examples")
class ExampleMisfitTest {
    private static final ModelSpec WORDS = new ModelSpec(
            "words",
            Shape.of(2),
            List.of(new Flatten(), new Embedding(20, 3), new Flatten(), new Linear(2)),
            Loss.CROSS_ENTROPY);
    private static final ModelSpec PLAIN =
            new ModelSpec("plain", Shape.of(2), List.of(new Linear(2)), Loss.CROSS_ENTROPY);

    private static TableExamples rows(float... features) {
        return TableExamples.classified(
                "rows", Shape.of(2), Target.Classes.numbered(2), features, new int[features.length / 2]);
    }

    @Test
    void holdTokensOfTheVocabularyOnly() {
        assertThat(ExampleMisfit.first(WORDS, rows(0, 19, 3, 4))).isEmpty();
        assertThat(ExampleMisfit.first(WORDS, rows(0, 19, 3, 20)))
                .contains(new ExampleMisfit(
                        1, "feature 1 is 20, but the model's embedding takes whole numbers from 0 to 19"));
        assertThat(ExampleMisfit.first(WORDS, rows(-1, 2)).orElseThrow().reason())
                .startsWith("feature 0 is -1, but");
        assertThat(ExampleMisfit.first(WORDS, rows(2, 2.5f)).orElseThrow().reason())
                .startsWith("feature 1 is 2.5, but");
        assertThat(ExampleMisfit.first(PLAIN, rows(2, 2.5f))).isEmpty();
    }

    @Test
    void haveLabelsOfTheClassesOnly() {
        Toy toy = new Toy(new float[][] {{0, 0}, {1, 1}, {2, 2}}, new int[] {0, 1, 2});
        assertThat(((Target.Classes) toy.target()).count()).isEqualTo(2);
        assertThat(ExampleMisfit.first(PLAIN, toy))
                .contains(new ExampleMisfit(2, "label 2 is outside the 2 classes; it must be from 0 to 1"));
    }
}
