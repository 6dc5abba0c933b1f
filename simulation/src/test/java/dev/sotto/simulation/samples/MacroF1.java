package dev.sotto.simulation.samples;

import dev.sotto.data.Examples;
import dev.sotto.federation.Metric;

/**
 * A metric of one's own: the mean over the classes of F1 = 2 TP / (2 TP + FP + FN). Unlike accuracy, it does not reward a
 * model for ignoring rare classes. A class that neither occurs nor is predicted counts as 0.
 *
 * @param classes how many there are
 */
record MacroF1(int classes) implements Metric {
    @Override
    public String name() {
        return "macro-f1";
    }

    @Override
    public Tally tally() {
        return new Tally() {
            private final long[] hits = new long[classes];
            private final long[] predicted = new long[classes];
            private final long[] actual = new long[classes];

            @Override
            public void add(float[] outputs, int offset, int count, Examples examples, int index) {
                int best = 0;
                for (int k = 1; k < count; k++) {
                    best = outputs[offset + k] > outputs[offset + best] ? k : best;
                }
                int label = examples.label(index);
                predicted[best]++;
                actual[label]++;
                hits[best] += best == label ? 1 : 0;
            }

            @Override
            public double value() {
                double sum = 0;
                for (int k = 0; k < classes; k++) {
                    sum += 2.0 * hits[k] / Math.max(1, predicted[k] + actual[k]);
                }
                return sum / classes;
            }
        };
    }
}
