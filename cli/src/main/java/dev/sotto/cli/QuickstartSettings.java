package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ten numbers of a quickstart, in the order in which they may be given by position.
 *
 * @param clients that there are
 * @param minClients without which the session does not begin, and updates that a round needs
 * @param fitClients asked in a round
 * @param batch logical batch size
 * @param physicalBatch computed at once
 * @param epsilon limit of each client's ledger for the session
 */
record QuickstartSettings(
        int clients,
        int minClients,
        int fitClients,
        int rounds,
        int batch,
        int physicalBatch,
        double learningRate,
        double noiseMultiplier,
        double maxGradNorm,
        double epsilon) {
    private static final int MOST_CLIENTS = 32;
    /** Two clients differ by this share of the mean to either side: 24,140 and 25,860 of 50,000. */
    private static final double SPREAD = 0.0344;

    private static final int MEAN = 25_000;

    QuickstartSettings {
        whole("clients", clients, 1, MOST_CLIENTS);
        whole("min-clients", minClients, 1, clients);
        whole("fit-clients", fitClients, minClients, clients);
        whole("rounds", rounds, 1, 100_000);
        whole("batch", batch, 1, 1 << 20);
        whole("physical-batch", physicalBatch, 1, batch);
        if (batch % physicalBatch != 0) {
            throw new ConfigException(
                    "--batch " + batch + ": it must be a multiple of --physical-batch, which is " + physicalBatch);
        }
        positive("lr", learningRate);
        positive("noise-multiplier", noiseMultiplier);
        positive("max-grad-norm", maxGradNorm);
        positive("epsilon", epsilon);
    }

    private static void whole(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigException("--" + option + " " + value + ": it must be " + least + " to " + most);
        }
    }

    private static void positive(String option, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new ConfigException("--" + option + " " + value + ": it must be more than 0");
        }
    }

    /** How many examples each client has, in proportion. */
    List<Integer> proportions() {
        return IntStream.range(0, clients)
                .mapToObj(i -> clients == 1 ? 0.0 : 2.0 * i / (clients - 1) - 1)
                .map(place -> (int) Math.round(MEAN * (1 + SPREAD * place)))
                .toList();
    }

    /** The experiment, with what data is like in place of data. */
    String yaml(String contract) {
        return """
                name: quickstart
                contract: %s
                model: lenet-groupnorm-tanh
                rounds: %d
                cohort: {size: %d, min-clients: %d}
                client:
                  epochs: 1
                  batch-size: %d
                  physical-batch-size: %d
                  optimizer: {name: adam, learning-rate: %s}
                privacy:
                  example-level: {noise-multiplier: %s, max-grad-norm: %s, epsilon: %s}
                """.formatted(
                        contract,
                        rounds,
                        fitClients,
                        minClients,
                        batch,
                        physicalBatch,
                        learningRate,
                        noiseMultiplier,
                        maxGradNorm,
                        epsilon);
    }
}
