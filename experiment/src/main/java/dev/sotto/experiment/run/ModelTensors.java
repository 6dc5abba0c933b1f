package dev.sotto.experiment.run;

import dev.sotto.formats.Tensor;
import dev.sotto.learning.Layout;
import dev.sotto.learning.ModelCodec;
import dev.sotto.learning.ModelSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model's flat parameters as named arrays, and what a model file says of itself. */
record ModelTensors(ModelSpec spec, float[] parameters) {
    /** Metadata key of the model's architecture, as JSON. */
    static final String MODEL = "sotto.model";
    /** Metadata key of the shape of one example, such as 1x28x28. */
    static final String INPUT = "sotto.input";
    /** Metadata key of the version that wrote the file. */
    static final String VERSION = "sotto.version";
    /** Metadata key of what made the numbers, as JSON. */
    static final String PROVENANCE = "sotto.provenance";

    ModelTensors {
        if (parameters.length != spec.layout().size()) {
            throw new IllegalArgumentException("model " + spec.name() + " has "
                    + spec.layout().size() + " parameters; found " + parameters.length);
        }
    }

    /** Named as the layout names them: 0.weight, 0.bias, ... */
    List<Tensor> named() {
        return spec.layout().tensors().stream()
                .map(tensor -> tensor(tensor.name(), tensor))
                .toList();
    }

    /** Named 0, 1, ... in the order of the layout. */
    List<Tensor> numbered() {
        List<Tensor> tensors = new ArrayList<>();
        for (Layout.Tensor tensor : spec.layout().tensors()) {
            tensors.add(tensor(String.valueOf(tensors.size()), tensor));
        }
        return tensors;
    }

    private Tensor tensor(String name, Layout.Tensor tensor) {
        return new Tensor(name, tensor.shape().dims(), Arrays.copyOfRange(parameters, tensor.offset(), tensor.end()));
    }

    /** Of parameters that no run made. */
    Map<String, String> metadata() {
        return metadata(Version.current());
    }

    private Map<String, String> metadata(String version) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(MODEL, Json.line(ModelCodec.write(spec)));
        metadata.put(INPUT, spec.input().toString());
        metadata.put(VERSION, version);
        return metadata;
    }

    Map<String, String> metadata(Provenance provenance) {
        Map<String, String> metadata = metadata(provenance.sotto());
        metadata.put(PROVENANCE, Json.line(provenance.model()));
        return metadata;
    }
}
