package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.learning.OptimizerSpec.Adagrad;
import dev.sotto.learning.OptimizerSpec.Adam;
import dev.sotto.learning.OptimizerSpec.AdamW;
import dev.sotto.learning.OptimizerSpec.Sgd;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Optimizers follow their papers' recurrences")
class OptimizerTest {

    /** One parameter's recurrence, written from the paper in double precision. */
    interface Recurrence {
        /** The next parameter for a gradient; {@code step} counts from 1, {@code rate} is the learning rate of the step. */
        double next(double parameter, double gradient, int step, double rate);
    }

    private static Recurrence sgd(double momentum, double decay) {
        double[] velocity = new double[1];
        return (p, g, step, rate) -> {
            velocity[0] = momentum * velocity[0] + (g + decay * p);
            return p - rate * velocity[0];
        };
    }

    private static Recurrence adam(double beta1, double beta2, double epsilon, double coupled, double decoupled) {
        double[] moments = new double[2];
        return (p, g, step, rate) -> {
            double gradient = g + coupled * p;
            moments[0] = beta1 * moments[0] + (1 - beta1) * gradient;
            moments[1] = beta2 * moments[1] + (1 - beta2) * gradient * gradient;
            double first = moments[0] / (1 - Math.pow(beta1, step));
            double second = moments[1] / (1 - Math.pow(beta2, step));
            return p - rate * (first / (Math.sqrt(second) + epsilon) + decoupled * p);
        };
    }

    private static Recurrence adagrad(double epsilon, double decay) {
        double[] squares = new double[1];
        return (p, g, step, rate) -> {
            double gradient = g + decay * p;
            squares[0] += gradient * gradient;
            return p - rate * gradient / (Math.sqrt(squares[0]) + epsilon);
        };
    }

    record Case(OptimizerSpec spec, Supplier<Recurrence> paper) {
        @Override
        public String toString() {
            return spec.toString();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(OptimizerSpec.sgd(0.1), () -> sgd(0, 0)),
                new Case(new Sgd(0.1, 0, 0.05), () -> sgd(0, 0.05)),
                new Case(new Sgd(0.1, 0.9, 0), () -> sgd(0.9, 0)),
                new Case(new Sgd(0.1, 0.9, 0.05), () -> sgd(0.9, 0.05)),
                new Case(OptimizerSpec.adam(0.01), () -> adam(0.9, 0.999, 1e-8, 0, 0)),
                new Case(new Adam(0.01, 0.8, 0.95, 1e-3, 0.05), () -> adam(0.8, 0.95, 1e-3, 0.05, 0)),
                new Case(new AdamW(0.01, 0.9, 0.999, 1e-8, 0.05), () -> adam(0.9, 0.999, 1e-8, 0, 0.05)),
                new Case(new Adagrad(0.1, 1e-10, 0), () -> adagrad(1e-10, 0)),
                new Case(new Adagrad(0.1, 1e-3, 0.05), () -> adagrad(1e-3, 0.05)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void overAHundredSteps(Case each) {
        SplittableRandom random = new SplittableRandom(5);
        float[] parameters = {1, -2, 0.5f, 0};
        double[] expected = {1, -2, 0.5, 0};
        Recurrence[] paper =
                Stream.generate(each.paper()).limit(expected.length).toArray(Recurrence[]::new);
        Optimizer optimizer = each.spec().create(parameters.length);
        float[] gradient = new float[parameters.length];
        for (int step = 1; step <= 100; step++) {
            double schedule = 1.0 / step;
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = (float) random.nextDouble(-1, 2);
                expected[i] = paper[i].next(
                        expected[i], gradient[i], step, each.spec().learningRate() * schedule);
            }
            optimizer.step(parameters, gradient, schedule);
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) parameters[i]).isCloseTo(expected[i], within(2e-5));
        }
    }

    @Test
    void adamWAndAdamDifferExactlyInWhereTheDecayGoes() {
        float[] coupled = {1};
        float[] decoupled = {1};
        new Adam(0.1, 0.9, 0.999, 1e-8, 0.5).create(1).step(coupled, new float[] {1}, 1);
        new AdamW(0.1, 0.9, 0.999, 1e-8, 0.5).create(1).step(decoupled, new float[] {1}, 1);
        assertThat(coupled[0]).isCloseTo(0.9f, within(1e-6f));
        assertThat(decoupled[0]).isCloseTo(0.85f, within(1e-6f));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> OptimizerSpec.sgd(0))
                .hasMessage("learning rate is 0.0; it must be a finite number above 0");
        assertThatThrownBy(() -> OptimizerSpec.adam(Double.NaN)).hasMessageContaining("learning rate is NaN");
        assertThatThrownBy(() -> new Sgd(0.1, 1, 0)).hasMessage("momentum is 1.0; it must be at least 0 and below 1");
        assertThatThrownBy(() -> new Adam(0.1, 0.9, 1, 1e-8, 0))
                .hasMessage("beta2 is 1.0; it must be at least 0 and below 1");
        assertThatThrownBy(() -> new Adagrad(0.1, 1e-8, -1))
                .hasMessage("weight decay is -1.0; it must be a finite number, 0 or above");
    }

    @Test
    void descentKnowsHowManyGradientsItsStepsAreWorth() {
        assertThat(new Sgd(0.1, 0, 0).accumulated(7, 0)).isEqualTo(7);
        assertThat(new Sgd(0.1, 0, 0).accumulated(0, 0)).isZero();
        // Momentum r: (t - r (1 - r^t) / (1 - r)) / (1 - r), in section 4 of Wang et al.
        double closed = (5 - 0.9 * (1 - Math.pow(0.9, 5)) / 0.1) / 0.1;
        assertThat(new Sgd(0.1, 0.9, 0).accumulated(5, 0)).isCloseTo(closed, within(1e-12));
        // A pull p: (1 - (1 - p)^t) / p.
        assertThat(new Sgd(0.1, 0, 0).accumulated(5, 0.2)).isCloseTo((1 - Math.pow(0.8, 5)) / 0.2, within(1e-12));
        // Both, against the optimizer itself under a unit gradient and a term that pulls back to the start.
        Sgd both = new Sgd(0.5, 0.5, 0);
        Optimizer optimizer = both.create(1);
        float[] parameters = {0};
        for (int step = 0; step < 6; step++) {
            optimizer.step(parameters, new float[] {1 + 0.3f * parameters[0]}, 1);
        }
        assertThat(both.accumulated(6, 0.5 * 0.3)).isCloseTo(-parameters[0] / 0.5, within(1e-5));
    }
}
