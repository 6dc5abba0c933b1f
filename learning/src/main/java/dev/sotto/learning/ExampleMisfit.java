package dev.sotto.learning;

import dev.sotto.data.Examples;
import dev.sotto.data.Target;
import dev.sotto.learning.LayerSpec.Embedding;
import dev.sotto.learning.LayerSpec.Flatten;
import java.util.Optional;

/**
 * An example that has the model's shape, but holds what it cannot take: a label outside the classes, or a feature that is none of
 * the numbers which an embedding looks up. Found by reading all examples once, before any is drawn.
 *
 * @param example which, from 0
 * @param reason what it holds and what would be valid
 */
public record ExampleMisfit(int example, String reason) {
    /**
     * The first that a model cannot take; empty if it takes all.
     *
     * @param examples of the model's input shape
     */
    public static Optional<ExampleMisfit> first(ModelSpec model, Examples examples) {
        Optional<ExampleMisfit> label = examples.target() instanceof Target.Classes classes
                ? outsideClasses(classes.count(), examples)
                : Optional.empty();
        return label.or(() -> vocabulary(model).flatMap(size -> outsideVocabulary(size, examples)));
    }

    private static Optional<ExampleMisfit> outsideClasses(int classes, Examples examples) {
        for (int i = 0; i < examples.size(); i++) {
            int label = examples.label(i);
            if (label < 0 || label >= classes) {
                return Optional.of(new ExampleMisfit(
                        i,
                        "label " + label + " is outside the " + classes + " classes; it must be from 0 to "
                                + (classes - 1)));
            }
        }
        return Optional.empty();
    }

    /** How many rows are looked up by features, if they are. */
    private static Optional<Integer> vocabulary(ModelSpec model) {
        return model.layers().stream()
                .dropWhile(Flatten.class::isInstance)
                .findFirst()
                .filter(Embedding.class::isInstance)
                .map(layer -> ((Embedding) layer).vocabulary());
    }

    private static Optional<ExampleMisfit> outsideVocabulary(int vocabulary, Examples examples) {
        float[] features = new float[examples.shape().size()];
        for (int i = 0; i < examples.size(); i++) {
            examples.features(i, features, 0);
            for (int k = 0; k < features.length; k++) {
                float value = features[k];
                if (value != (int) value || value < 0 || value >= vocabulary) {
                    return Optional.of(new ExampleMisfit(
                            i,
                            "feature " + k + " is " + words(value)
                                    + ", but the model's embedding takes whole numbers from 0 to " + (vocabulary - 1)));
                }
            }
        }
        return Optional.empty();
    }

    private static String words(float value) {
        int whole = (int) value;
        return whole == value ? String.valueOf(whole) : String.valueOf(value);
    }
}
