package dev.sotto.data;

import java.util.Objects;
import java.util.Optional;

/** A view by index; a view of a view points straight at the root. */
final class SelectedExamples implements Examples {
    private final Examples root;
    private final int[] indices;

    private SelectedExamples(Examples root, int[] indices) {
        this.root = root;
        this.indices = indices;
    }

    static Examples of(Examples examples, int[] indices) {
        int[] copy = indices.clone();
        for (int index : copy) {
            Objects.checkIndex(index, examples.size());
        }
        if (examples instanceof SelectedExamples view) {
            for (int i = 0; i < copy.length; i++) {
                copy[i] = view.indices[copy[i]];
            }
            return new SelectedExamples(view.root, copy);
        }
        return new SelectedExamples(examples, copy);
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Shape shape() {
        return root.shape();
    }

    @Override
    public Target target() {
        return root.target();
    }

    @Override
    public void features(int index, float[] into, int offset) {
        root.features(indices[index], into, offset);
    }

    @Override
    public int label(int index) {
        return root.label(indices[index]);
    }

    @Override
    public void values(int index, float[] into, int offset) {
        root.values(indices[index], into, offset);
    }

    @Override
    public int loadedAs(int index) {
        return root.loadedAs(indices[index]);
    }

    @Override
    public Optional<Grouping> grouping(String by) {
        return root.grouping(by).map(grouping -> grouping.select(indices));
    }
}
