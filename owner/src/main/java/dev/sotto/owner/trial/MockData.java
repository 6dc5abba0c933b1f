package dev.sotto.owner.trial;

import dev.sotto.data.Examples;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.DataContract;
import dev.sotto.experiment.OwnerData;
import dev.sotto.learning.ModelSpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a request is tried on: nobody's records.
 *
 * @param origin in words
 * @param examples trained on
 * @param test scored on
 */
public record MockData(String origin, Examples examples, Examples test) {
    private static final int SCORED = 1000;
    private static final double HELD_OUT = 0.1;

    /**
     * Generated from what the session asks of data.
     *
     * @param examples how many to train on
     * @throws IllegalArgumentException in one line, if there is no memory for so many
     */
    public static MockData generated(DataContract contract, ModelSpec model, int examples, long seed) {
        if (examples < 1) {
            throw new IllegalArgumentException("--examples: " + examples + " is out of range; it must be at least 1");
        }
        int test = Math.min(SCORED, Math.max(1, examples / 5));
        long needed = GeneratedExamples.bytes(contract, (long) examples + test);
        long most = Math.min(Runtime.getRuntime().maxMemory() / 2, 4L * Integer.MAX_VALUE);
        if (needed > most) {
            throw new IllegalArgumentException("--examples: " + examples + " mock records need " + needed
                    + " bytes, and there is room for " + most + "; try it with at most "
                    + (long) ((double) examples * most / needed));
        }
        GeneratedExamples drawn = new GeneratedExamples(contract, model, seed);
        return new MockData(
                "generated from what the session asks of data, seed " + seed,
                drawn.draw("train", examples),
                drawn.draw("test", test));
    }

    /**
     * The owner's own, from the section {@code mock} of a node's file.
     *
     * @param contract that it must fulfil, as the owner's data must
     * @param examples to train on at most; empty for all
     * @throws IllegalArgumentException in one line, if it does not
     */
    public static MockData of(OwnerData.Loaded loaded, DataContract contract, Optional<Integer> examples) {
        contract.misfit(loaded.examples()).ifPresent(reason -> {
            throw new IllegalArgumentException("mock: " + reason);
        });
        ClientData own = loaded.client("mock", HELD_OUT);
        Examples train = own.examples();
        if (examples.isPresent() && examples.get() < train.size()) {
            int[] first = new int[examples.get()];
            Arrays.setAll(first, i -> i);
            train = train.select(first);
        }
        Examples test = own.heldOut().or(() -> loaded.dataSet().test()).orElse(train);
        return new MockData("from the section mock of the node's file", train, test);
    }
}
