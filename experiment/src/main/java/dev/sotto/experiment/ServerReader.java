package dev.sotto.experiment;

import dev.sotto.federation.Strategy;
import dev.sotto.federation.strategy.Bulyan;
import dev.sotto.federation.strategy.FedAdagrad;
import dev.sotto.federation.strategy.FedAdam;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.federation.strategy.FedAvgM;
import dev.sotto.federation.strategy.FedMedian;
import dev.sotto.federation.strategy.FedNova;
import dev.sotto.federation.strategy.FedProx;
import dev.sotto.federation.strategy.FedTrimmedAvg;
import dev.sotto.federation.strategy.FedYogi;
import dev.sotto.federation.strategy.Krum;
import dev.sotto.federation.strategy.MultiKrum;
import dev.sotto.federation.strategy.QFedAvg;
import dev.sotto.federation.strategy.Scaffold;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads the section {@code server}: a strategy by name, and the keys of that strategy and no others. */
final class ServerReader {
    private static final int MOST = Integer.MAX_VALUE;
    private static final Interval DECAY = new Interval(0, 1, false);
    private static final Map<String, Function<ServerReader, Strategy>> STRATEGIES = strategies();

    private final Section server;
    private final Optional<Boolean> equalWeights;
    private final double clientRate;

    private ServerReader(Section server, Optional<Boolean> equalWeights, double clientRate) {
        this.server = server;
        this.equalWeights = equalWeights;
        this.clientRate = clientRate;
    }

    /** The names of all strategies. */
    static List<String> names() {
        return List.copyOf(STRATEGIES.keySet());
    }

    /**
     * Reads the section.
     *
     * @param equalWeights where clients are protected as wholes: whether all must weigh the same, or up to a cap their examples
     * @param clientRate the clients' learning rate
     */
    static Strategy read(Section server, Optional<Boolean> equalWeights, double clientRate) {
        String name = server.choice("strategy", STRATEGIES.keySet(), "fedavg");
        try {
            Strategy strategy = STRATEGIES.get(name).apply(new ServerReader(server, equalWeights, clientRate));
            server.end();
            return strategy;
        } catch (ConfigException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw server.error(e);
        }
    }

    private static Map<String, Function<ServerReader, Strategy>> strategies() {
        Map<String, Function<ServerReader, Strategy>> all = new LinkedHashMap<>();
        all.put("fedavg", own -> new FedAvg(own.byExamples(), own.rate(1)));
        all.put("fedavgm", own -> new FedAvgM(own.byExamples(), own.rate(1), own.decay("momentum", 0.9)));
        all.put("fedadagrad", own -> new FedAdagrad(own.byExamples(), own.rate(0.1), own.decay("beta1", 0), own.tau()));
        all.put(
                "fedadam",
                own -> new FedAdam(
                        own.byExamples(), own.rate(0.1), own.decay("beta1", 0.9), own.decay("beta2", 0.99), own.tau()));
        all.put(
                "fedyogi",
                own -> new FedYogi(
                        own.byExamples(), own.rate(0.1), own.decay("beta1", 0.9), own.decay("beta2", 0.99), own.tau()));
        all.put("fedprox", own -> new FedProx(own.byExamples(), own.rate(1), own.notNegative("mu", 0.1)));
        all.put("scaffold", own -> new Scaffold(own.byExamples(), own.rate(1)));
        all.put("fednova", own -> new FedNova(own.byExamples(), own.rate(1), own.notNegative("mu", 0)));
        all.put("qfedavg", own -> new QFedAvg(own.notNegative("q", 0.2), own.lipschitz()));
        all.put("fedmedian", own -> new FedMedian(own.rate(1)));
        all.put("fedtrimmedavg", own -> new FedTrimmedAvg(own.trimmed(), own.rate(1)));
        all.put("krum", own -> new Krum(own.malicious(), own.rate(1)));
        all.put("multikrum", own -> new MultiKrum(own.malicious(), own.keep(), own.rate(1)));
        all.put("bulyan", own -> new Bulyan(own.malicious(), own.rate(1)));
        return all;
    }

    private boolean byExamples() {
        String usual = equalWeights.orElse(false) ? "uniform" : "examples";
        boolean byExamples = server.choice("weighting", List.of("examples", "uniform"), usual)
                .equals("examples");
        if (equalWeights.orElse(false) && byExamples) {
            throw server.error(
                    "weighting",
                    "it must be uniform under client-level privacy, where one client's examples could outweigh the "
                            + "noise; or set privacy.client-level.max-weight");
        }
        return byExamples;
    }

    private double rate(double otherwise) {
        return server.number("learning-rate", otherwise, Interval.POSITIVE);
    }

    private double decay(String key, double otherwise) {
        return server.number(key, otherwise, DECAY);
    }

    private double notNegative(String key, double otherwise) {
        return server.number(key, otherwise, Interval.NOT_NEGATIVE);
    }

    private double tau() {
        return server.number("tau", 1e-3, Interval.POSITIVE);
    }

    private double lipschitz() {
        return server.number("lipschitz", 1 / clientRate, Interval.POSITIVE);
    }

    private double trimmed() {
        return server.number("beta", 0.2, new Interval(0, 0.5, false));
    }

    private int malicious() {
        return server.integer("malicious", 1, 0, MOST / 8);
    }

    private OptionalInt keep() {
        Optional<Integer> keep = server.integer("keep", 1, MOST);
        return keep.map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
