package dev.sotto.data;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What is to be predicted for an example: one of several classes, or a vector of real values. */
public sealed interface Target permits Target.Classes, Target.Values {

    /** Classes numbered from 0; {@code names.get(k)} is the name of class k. At least one class, names distinct. */
    record Classes(int count, List<String> names) implements Target {
        public Classes {
            names = List.copyOf(names);
            if (count < 1) {
                throw new IllegalArgumentException("a target needs at least one class, not " + count);
            }
            if (names.size() != count || Set.copyOf(names).size() != count) {
                throw new IllegalArgumentException(
                        count + " classes need " + count + " distinct names, not " + names.size() + ": " + names);
            }
        }

        /** Classes with these names, in this order. */
        public static Classes named(String... names) {
            return new Classes(names.length, List.of(names));
        }

        /** Classes called "0", "1", ... */
        public static Classes numbered(int count) {
            return new Classes(
                    count, IntStream.range(0, count).mapToObj(String::valueOf).toList());
        }
    }

    /** Real values, {@code size} per example (at least 1). */
    record Values(int size) implements Target {
        public Values {
            if (size < 1) {
                throw new IllegalArgumentException("a target needs at least one value, not " + size);
            }
        }
    }
}
