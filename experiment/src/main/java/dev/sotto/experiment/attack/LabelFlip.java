package dev.sotto.experiment.attack;

import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.federation.ClientTrainer;

/**
 * Trains honestly on dishonest data: of k classes, class y is called k - 1 - y (as in Fang et al., "Local Model
 * Poisoning Attacks to Byzantine-Robust Federated Learning", 2020, section 4.1).
 */
public record LabelFlip() implements Attack {
    @Override
    public String kind() {
        return "label-flip";
    }

    @Override
    public ClientTrainer corrupting(ClientTrainer honest) {
        return (client, parameters, training) ->
                honest.train(client.on(new Flipped(client.examples())), parameters, training);
    }

    /** A view with other labels. */
    private record Flipped(Examples examples, int classes) implements Examples {
        Flipped(Examples examples) {
            this(examples, classes(examples));
        }

        private static int classes(Examples examples) {
            if (examples.target() instanceof Target.Classes labels) {
                return labels.count();
            }
            throw new IllegalArgumentException("label-flip: the data has no classes; use sign-flip or scaling");
        }

        @Override
        public int size() {
            return examples.size();
        }

        @Override
        public Shape shape() {
            return examples.shape();
        }

        @Override
        public Target target() {
            return examples.target();
        }

        @Override
        public void features(int index, float[] into, int offset) {
            examples.features(index, into, offset);
        }

        @Override
        public int label(int index) {
            return classes - 1 - examples.label(index);
        }

        @Override
        public void values(int index, float[] into, int offset) {
            examples.values(index, into, offset);
        }
    }
}
