package dev.sotto.learning;

import dev.sotto.privacy.random.RandomStream;

/** Where training starts: the same for every engine, so that engines can be compared. */
public final class Initialization {
    private Initialization() {}

    /**
     * Weights and biases uniform within 1/sqrt(fan-in) (LeCun et al., "Efficient BackProp", 1998, up to a constant: PyTorch's
     * default for linear and convolution), embeddings within 1, normalisation scales 1 and shifts 0.
     */
    public static float[] draw(ModelSpec spec, RandomStream random) {
        Layout layout = spec.layout();
        float[] parameters = new float[layout.size()];
        int tensor = 0;
        for (int i = 0; i < spec.layers().size(); i++) {
            for (LayerSpec.Parameter parameter :
                    spec.layers().get(i).parameters(spec.shapes().get(i))) {
                Layout.Tensor place = layout.tensors().get(tensor++);
                double bound = parameter.fanIn() == 0 ? 0 : 1 / Math.sqrt(parameter.fanIn());
                for (int at = place.offset(); at < place.end(); at++) {
                    parameters[at] = bound == 0 ? parameter.start() : (float) ((2 * random.nextDouble() - 1) * bound);
                }
            }
        }
        return parameters;
    }
}
