package dev.sotto.wire;

import dev.sotto.federation.Fleet;
import dev.sotto.learning.Evaluation;
import dev.sotto.wire.v1.Evaluated;
import java.util.Optional;
import java.util.OptionalDouble;

/** What clients find on held-out examples, as messages say it: sums, bit by bit. */
public final class Evaluations {
    /** Beyond it a double counts in steps of more than one. */
    private static final double MOST_COUNTED = 0x1p53;

    private Evaluations() {}

    /**
     * As a message.
     *
     * @param found empty where nothing is held out, or all is withheld
     */
    public static Evaluated of(String task, Optional<Fleet.Evaluated> found) {
        Evaluated.Builder message = Evaluated.newBuilder().setTask(task).setWithheld(found.isEmpty());
        found.ifPresent(each -> {
            message.setExamples(Math.toIntExact(each.scores().examples()))
                    .setLoss(each.scores().lossSum())
                    .setCorrect((double) each.scores().correct());
            each.epsilon().ifPresent(message::setEpsilon);
        });
        return message.build();
    }

    /**
     * From a message.
     *
     * @throws IllegalArgumentException if the numbers cannot be
     */
    public static Optional<Fleet.Evaluated> from(Evaluated message) {
        if (message.getWithheld()) {
            return Optional.empty();
        }
        double correct = message.getCorrect();
        if (message.getExamples() < 1 || Math.rint(correct) != correct || !(Math.abs(correct) <= MOST_COUNTED)) {
            throw new IllegalArgumentException("evaluation: " + correct + " correct of "
                    + Integer.toUnsignedString(message.getExamples()) + " examples");
        }
        if (Double.isInfinite(message.getLoss())) {
            throw new IllegalArgumentException("evaluation: its loss is infinite");
        }
        Evaluation scores = new Evaluation(message.getExamples(), message.getLoss(), (long) correct);
        return Optional.of(new Fleet.Evaluated(
                scores, message.hasEpsilon() ? epsilon(message.getEpsilon()) : OptionalDouble.empty()));
    }

    /**
     * An epsilon that a client reports.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public static OptionalDouble epsilon(double reported) {
        if (!(reported >= 0 && reported < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("it reports an epsilon of " + reported);
        }
        return OptionalDouble.of(reported);
    }
}
