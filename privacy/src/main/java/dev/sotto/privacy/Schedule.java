package dev.sotto.privacy;

/**
 * A public factor per step, by which a noise multiplier or a clipping norm is multiplied. Fixed before training: it depends
 * on the number of the step alone, never on data.
 */
public sealed interface Schedule {
    /** The factor of step {@code step}, counted from 0 over the whole run; above 0. */
    double factor(int step);

    /** Whether the factor is the same at every step. */
    default boolean isConstant() {
        return false;
    }

    /** Factor 1 throughout. */
    static Schedule constant() {
        return new Constant();
    }

    /** Factor {@code gamma} to the power of the step. */
    static Schedule exponential(double gamma) {
        return new Exponential(gamma);
    }

    /** Multiplied by {@code gamma} after every {@code every} steps. */
    static Schedule step(int every, double gamma) {
        return new Steps(every, gamma);
    }

    /** From 1 at step 0 in a straight line to {@code last} at step {@code over}, and {@code last} from then on. */
    static Schedule linear(int over, double last) {
        return new Linear(over, last);
    }

    /** Factor 1 throughout. */
    record Constant() implements Schedule {
        @Override
        public double factor(int step) {
            return 1;
        }

        @Override
        public boolean isConstant() {
            return true;
        }
    }

    /** Factor {@code gamma} to the power of the step. */
    record Exponential(double gamma) implements Schedule {
        public Exponential {
            Require.positive("gamma of the exponential schedule", gamma);
        }

        @Override
        public double factor(int step) {
            return Math.max(Math.pow(gamma, step), Double.MIN_NORMAL);
        }
    }

    /** Multiplied by {@code gamma} after every {@code every} steps. */
    record Steps(int every, double gamma) implements Schedule {
        public Steps {
            Require.atLeast("length of the step schedule", every, 1);
            Require.positive("gamma of the step schedule", gamma);
        }

        @Override
        public double factor(int step) {
            return Math.max(Math.pow(gamma, Math.floorDiv(step, every)), Double.MIN_NORMAL);
        }
    }

    /** From 1 in a straight line to {@code last} at step {@code over}. */
    record Linear(int over, double last) implements Schedule {
        public Linear {
            Require.atLeast("length of the linear schedule", over, 1);
            Require.positive("last factor of the linear schedule", last);
        }

        @Override
        public double factor(int step) {
            return step >= over ? last : 1 + (last - 1) * step / over;
        }
    }
}
