package dev.sotto.data.generated;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.SeededRandom;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import java.util.Optional;

/**
 * Toy classification: one cloud of unit variance for each class, around a centre drawn from the seed at distance
 * {@code separation} from the origin.
 *
 * @param train number of training rows, at least 1
 * @param test number of test rows; 0 for none
 * @param separation above 0; at 4 and a few features almost all rows can be told apart
 */
public record ClassificationSource(int train, int test, int features, int classes, double separation, long seed)
        implements DataSource {
    public ClassificationSource {
        Drawn.checkCounts("classification", train, test);
        if (features < 1 || features > 1000 || classes < 2 || classes > 1000) {
            throw new DataException("classification: features " + features + " and classes " + classes
                    + "; features must be in 1 to 1000 and classes in 2 to 1000");
        }
        if (!(separation > 0) || !Double.isFinite(separation)) {
            throw new DataException("classification: separation is " + separation + "; it must be above 0");
        }
    }

    @Override
    public DataSet load(DataContext context) {
        double[][] centres = new double[classes][features];
        SeededRandom random = SeededRandom.stream(seed, "classification/centres", 0);
        for (double[] centre : centres) {
            double squares = 0;
            for (int k = 0; k < features; k++) {
                centre[k] = random.nextGaussian();
                squares += centre[k] * centre[k];
            }
            for (int k = 0; k < features; k++) {
                centre[k] *= separation / StrictMath.sqrt(squares);
            }
        }
        Optional<TableExamples> held = test == 0 ? Optional.empty() : Optional.of(rows("test", test, centres));
        return new DataSet(
                "classification", rows("train", train, centres), held.map(t -> t), "generated, seed " + seed);
    }

    private TableExamples rows(String set, int count, double[][] centres) {
        SeededRandom random = SeededRandom.stream(seed, "classification/" + set, 0);
        float[] x = new float[count * features];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(classes);
            for (int k = 0; k < features; k++) {
                x[i * features + k] = (float) (centres[labels[i]][k] + random.nextGaussian());
            }
        }
        return TableExamples.classified(
                "classification", Shape.of(features), Target.Classes.numbered(classes), x, labels);
    }
}
