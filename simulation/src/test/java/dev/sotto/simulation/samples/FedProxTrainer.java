package dev.sotto.simulation.samples;

import dev.sotto.federation.ClientContext;
import dev.sotto.federation.ClientTrainer;
import dev.sotto.learning.Batch;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Optimizer;
import dev.sotto.privacy.ExampleMechanism;
import java.util.Arrays;

/**
 * Training code of one's own: FedProx (Li et al., "Federated Optimization in Heterogeneous Networks", 2020) under
 * example-level privacy. The proximal term mu/2 |w - w_round|^2 keeps a client near the round's model. It depends on
 * released values alone, so it is added after the noise and costs nothing.
 *
 * @param mu how strongly clients are pulled back, 0 or above
 */
record FedProxTrainer(float mu) implements ClientTrainer {
    @Override
    public LocalTraining.Outcome train(ClientContext client, float[] parameters, LocalTraining training) {
        ClientContext.Private reserved = client.privacy()
                .orElseThrow(() -> new IllegalStateException("FedProxTrainer trains with example-level privacy only"));
        ExampleMechanism mechanism = reserved.mechanism();
        Optimizer optimizer = client.settings().optimizer().create(parameters.length);
        float[] start = parameters.clone();
        float[] gradient = new float[parameters.length];
        double loss = 0;
        long seen = 0;
        for (int step = 0; step < reserved.steps(); step++) {
            int[] drawn = mechanism.sample();
            Batch batch = new Batch(
                    client.examples(), drawn, 0, drawn.length, client.random().nextLong());
            Arrays.fill(gradient, 0);
            loss += training.network()
                    .sumClippedGradients(parameters, batch, mechanism.clipFactors(), gradient, new float[drawn.length]);
            seen += drawn.length;
            mechanism.release(gradient);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += mu * (parameters[i] - start[i]);
            }
            optimizer.step(parameters, gradient, client.rate());
        }
        return new LocalTraining.Outcome(reserved.steps(), loss / seen);
    }
}
