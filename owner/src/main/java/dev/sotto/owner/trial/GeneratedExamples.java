package dev.sotto.owner.trial;

import dev.sotto.data.Examples;
import dev.sotto.data.SeededRandom;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.experiment.DataContract;
import dev.sotto.learning.LayerSpec.Embedding;
import dev.sotto.learning.ModelSpec;
import java.util.List;
import java.util.OptionalInt;

/**
 * Examples that fulfil a contract, drawn from a seed: nobody's. Classes are clouds around centres of their own, and values are
 * linear in the features, so that a model can learn them and a score that does not rise tells something.
 */
final class GeneratedExamples {
    /** Centres of images are the same over squares of so many pixels a side: convolutions look at neighbours. */
    private static final int SQUARE = 4;

    private static final double SPREAD = 0.5;
    private static final double FAR = 2;

    private final DataContract contract;
    private final OptionalInt vocabulary;
    private final long seed;
    private final float[][] centres;

    GeneratedExamples(DataContract contract, ModelSpec model, long seed) {
        this.contract = contract;
        this.seed = seed;
        this.vocabulary = model.layers().get(0) instanceof Embedding words
                ? OptionalInt.of(words.vocabulary())
                : OptionalInt.empty();
        this.centres = new float[contract.outputs()][];
        int blocks = block(contract.features().size() - 1) + 1;
        double spread = Math.max(SPREAD, FAR / Math.sqrt(blocks));
        for (int k = 0; k < centres.length; k++) {
            SeededRandom random = SeededRandom.stream(seed, "mock/centre", k);
            centres[k] = new float[blocks];
            for (int b = 0; b < blocks; b++) {
                centres[k][b] = (float) (spread * random.nextGaussian());
            }
        }
    }

    /** Bytes that so many take, with their centres. */
    static long bytes(DataContract contract, long count) {
        long features = contract.features().size();
        return Float.BYTES * (count * (features + contract.outputs()) + features * contract.outputs());
    }

    /** Which of a centre's values stands for a feature. */
    private int block(int feature) {
        Shape shape = contract.features();
        if (shape.rank() != 3) {
            return feature;
        }
        List<Integer> dims = shape.dims();
        int height = dims.get(1);
        int width = dims.get(2);
        int across = (width + SQUARE - 1) / SQUARE;
        int down = (height + SQUARE - 1) / SQUARE;
        int channel = feature / (height * width);
        int y = feature / width % height;
        int x = feature % width;
        return (channel * down + y / SQUARE) * across + x / SQUARE;
    }

    /**
     * So many.
     *
     * @param part draws others for another name
     */
    Examples draw(String part, int count) {
        SeededRandom random = SeededRandom.stream(seed, "mock/" + part, 0);
        int size = contract.features().size();
        float[] features = new float[Math.multiplyExact(count, size)];
        if (contract.target() instanceof Target.Classes classes) {
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = random.nextInt(classes.count());
                for (int k = 0; k < size; k++) {
                    features[i * size + k] = feature(random, labels[i], k);
                }
            }
            return TableExamples.classified("mock data", contract.features(), classes, features, labels);
        }
        Target.Values target = (Target.Values) contract.target();
        float[] values = new float[Math.multiplyExact(count, target.size())];
        double scale = 1 / Math.sqrt(size);
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < size; k++) {
                features[i * size + k] =
                        vocabulary.isPresent() ? random.nextInt(vocabulary.getAsInt()) : (float) random.nextGaussian();
            }
            for (int v = 0; v < target.size(); v++) {
                double sum = 0;
                for (int k = 0; k < size; k++) {
                    sum += centres[v][block(k)] * scaled(features[i * size + k]);
                }
                values[i * target.size() + v] = (float) (scale * sum + 0.1 * random.nextGaussian());
            }
        }
        return TableExamples.valued("mock data", contract.features(), target, features, values);
    }

    private double scaled(float feature) {
        return vocabulary.isPresent() ? (double) feature / vocabulary.getAsInt() : feature;
    }

    /** Half of the words of a text are among those that its class prefers. */
    private float feature(SeededRandom random, int label, int k) {
        if (vocabulary.isEmpty()) {
            return (float) (centres[label][block(k)] + random.nextGaussian());
        }
        int words = vocabulary.getAsInt();
        int preferred = Math.max(1, words / centres.length);
        return random.nextDouble() < 0.5
                ? random.nextInt(words)
                : Math.min(words - 1, label * preferred + random.nextInt(preferred));
    }
}
