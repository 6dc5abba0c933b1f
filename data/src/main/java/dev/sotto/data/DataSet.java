package dev.sotto.data;

import java.util.Optional;

/**
 * Training examples, test examples of the same shape and target where the source has them, and a line on where they
 * come from.
 */
public record DataSet(String name, Examples train, Optional<Examples> test, String origin) {
    public DataSet {
        if (train.size() == 0) {
            throw new DataException(name + ": no training examples (" + origin + ")");
        }
        test.ifPresent(t -> {
            if (!t.shape().equals(train.shape()) || !t.target().equals(train.target())) {
                throw new DataException(name + ": test examples (" + t.shape() + ", " + t.target()
                        + ") differ from training examples (" + train.shape() + ", " + train.target() + ")");
            }
        });
    }
}
