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
 * Toy regression: standard normal features x and one value w x + b + noise, with w and b drawn from the seed and w of
 * unit length, so that without noise the value has variance 1.
 *
 * @param train number of training rows, at least 1
 * @param test number of test rows; 0 for none
 * @param noise standard deviation of the noise, at least 0: the best root mean squared error there is
 */
public record RegressionSource(int train, int test, int features, double noise, long seed) implements DataSource {
    public RegressionSource {
        Drawn.checkCounts("regression", train, test);
        if (features < 1 || features > 1000 || !(noise >= 0) || !Double.isFinite(noise)) {
            throw new DataException("regression: features " + features + " and noise " + noise
                    + "; features must be in 1 to 1000 and noise at least 0");
        }
    }

    @Override
    public DataSet load(DataContext context) {
        SeededRandom random = SeededRandom.stream(seed, "regression/weights", 0);
        double[] weights = new double[features];
        double squares = 0;
        for (int k = 0; k < features; k++) {
            weights[k] = random.nextGaussian();
            squares += weights[k] * weights[k];
        }
        for (int k = 0; k < features; k++) {
            weights[k] /= StrictMath.sqrt(squares);
        }
        double bias = random.uniform(-1, 1);
        Optional<TableExamples> held = test == 0 ? Optional.empty() : Optional.of(rows("test", test, weights, bias));
        return new DataSet(
                "regression", rows("train", train, weights, bias), held.map(t -> t), "generated, seed " + seed);
    }

    private TableExamples rows(String set, int count, double[] weights, double bias) {
        SeededRandom random = SeededRandom.stream(seed, "regression/" + set, 0);
        float[] x = new float[count * features];
        float[] y = new float[count];
        for (int i = 0; i < count; i++) {
            double sum = bias;
            for (int k = 0; k < features; k++) {
                x[i * features + k] = (float) random.nextGaussian();
                sum += weights[k] * x[i * features + k];
            }
            y[i] = (float) (sum + noise * random.nextGaussian());
        }
        return TableExamples.valued("regression", Shape.of(features), new Target.Values(1), x, y);
    }
}
