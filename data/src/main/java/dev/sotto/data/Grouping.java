package dev.sotto.data;

import java.util.List;

/**
 * A split of examples into named groups by a property such as the file or the value of a column. Immutable: group k is
 * called {@code names().get(k)}, and each example is in exactly one group.
 */
public final class Grouping {
    private final String by;
    private final List<String> names;
    private final int[] groups;

    /** Example i is in group {@code groups[i]}; the array is copied. */
    public Grouping(String by, List<String> names, int[] groups) {
        this.by = by;
        this.names = List.copyOf(names);
        this.groups = groups.clone();
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] < 0 || groups[i] >= names.size()) {
                throw new IllegalArgumentException("example " + i + " is in group " + groups[i] + ", but there are "
                        + names.size() + " groups by " + by);
            }
        }
    }

    /** The property, such as "file". */
    public String by() {
        return by;
    }

    public List<String> names() {
        return names;
    }

    /** Number of examples. */
    public int size() {
        return groups.length;
    }

    /** The group of an example. */
    public int group(int index) {
        return groups[index];
    }

    Grouping select(int[] indices) {
        int[] selected = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            selected[i] = groups[indices[i]];
        }
        return new Grouping(by, names, selected);
    }
}
