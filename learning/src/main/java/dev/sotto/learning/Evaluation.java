package dev.sotto.learning;

/**
 * How well a model did on some examples; sums, so that parts can be merged.
 *
 * @param examples how many
 * @param lossSum sum of the examples' losses
 * @param correct how many had the label as their highest score; 0 where there are no classes
 */
public record Evaluation(long examples, double lossSum, long correct) {
    /** Nothing evaluated yet. */
    public static final Evaluation NONE = new Evaluation(0, 0, 0);

    /** Both together. */
    public Evaluation plus(Evaluation other) {
        return new Evaluation(examples + other.examples, lossSum + other.lossSum, correct + other.correct);
    }

    /** Mean loss; NaN for no examples. */
    public double loss() {
        return lossSum / examples;
    }

    /** Share of correct predictions; NaN for no examples. */
    public double accuracy() {
        return (double) correct / examples;
    }
}
