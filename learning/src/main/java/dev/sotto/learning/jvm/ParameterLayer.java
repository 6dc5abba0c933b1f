package dev.sotto.learning.jvm;

import java.util.List;

/** A layer with parameters. */
interface ParameterLayer extends LaneLayer, ParameterGradients {
    @Override
    default List<ParameterGradients> trained() {
        return List.of(this);
    }

    @Override
    void computeGradients();
}
