package dev.sotto.federation;

import dev.sotto.learning.LocalTraining;

/** Mini-batch training, or DP-SGD where the client has example-level privacy. */
public final class StandardTrainer implements ClientTrainer {
    @Override
    public LocalTraining.Outcome train(ClientContext client, float[] parameters, LocalTraining training) {
        return client.privacy()
                .map(own -> training.trainPrivately(
                        client.examples(),
                        parameters,
                        client.settings(),
                        client.rate(),
                        own.steps(),
                        own.mechanism(),
                        client.random(),
                        client.correction()))
                .orElseGet(() -> training.train(
                        client.examples(),
                        parameters,
                        client.settings(),
                        client.rate(),
                        client.random(),
                        client.correction()));
    }
}
