package dev.sotto.learning;

import dev.sotto.data.Examples;

/**
 * Examples to compute on: {@code examples[indices[from..to)]}. A view: nothing is copied. The array must not change while
 * a network reads it.
 *
 * @param examples where the features and targets are
 * @param indices positions in {@code examples}
 * @param from first used position of {@code indices}
 * @param to position after the last used one; may equal {@code from}
 * @param dropoutSeed decides which values dropout zeroes, for each example by its position in {@code examples}; the same
 *     seed gives the same masks however the batch is cut
 */
public record Batch(Examples examples, int[] indices, int from, int to, long dropoutSeed) {
    /** How many examples. */
    public int size() {
        return to - from;
    }
}
