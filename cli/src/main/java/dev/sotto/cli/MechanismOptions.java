package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that describe a mechanism: the Gaussian on a sample, repeated. Clipping is to norm 1. */
final class MechanismOptions {
    /** How a step chooses whom it uses. */
    enum Sampling {
        POISSON("poisson"),
        FIXED_SIZE("fixed-size"),
        NONE("none");

        private final String label;

        Sampling(String label) {
            this.label = label;
        }
    }

    @Option(
            names = "--sampling",
            paramLabel = "KIND",
            completionCandidates = Samplings.class,
            description = "${COMPLETION-CANDIDATES}; poisson if a rate is given, fixed-size if a sample is, else none.")
    private String sampling;

    @Option(names = "--rate", paramLabel = "Q", description = "Sampling rate, in (0, 1].")
    private Double rate;

    @Option(names = "--sample", paramLabel = "M", description = "Size of a sample, with --population.")
    private Long sample;

    @Option(names = "--population", paramLabel = "N", description = "How many there are to draw from.")
    private Long population;

    @Option(
            names = "--relation",
            paramLabel = "KIND",
            defaultValue = "add-or-remove-one",
            description = "Which data sets are neighbours: add-or-remove-one, replace-one, zero-out. Default: "
                    + "${DEFAULT-VALUE}.")
    private String relation;

    @Option(
            names = "--accountant",
            paramLabel = "NAME",
            defaultValue = "tightest",
            description = "rdp, pld or tightest. Default: ${DEFAULT-VALUE}.")
    private String accountant;

    /** For help texts. */
    static final class Samplings implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return labels().iterator();
        }
    }

    private static List<String> labels() {
        return Arrays.stream(Sampling.values()).map(kind -> kind.label).toList();
    }

    AccountantChoice accountant() {
        return AccountantChoice.parse(accountant);
    }

    NeighbouringRelation relation() {
        return NeighbouringRelation.parse(relation);
    }

    Long population() {
        return population;
    }

    /** The rate that was given, or follows from sample and population; null if neither. */
    Double rate() {
        if (rate != null && !(rate > 0 && rate <= 1)) {
            throw new ConfigException("--rate " + rate + " is out of range; it must be above 0 and at most 1");
        }
        if (rate == null && sample != null && population != null) {
            return (double) sample / population;
        }
        return rate;
    }

    Sampling sampling() {
        if (sampling == null) {
            return rate != null ? Sampling.POISSON : sample != null ? Sampling.FIXED_SIZE : Sampling.NONE;
        }
        return Arrays.stream(Sampling.values())
                .filter(kind -> kind.label.equals(sampling))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "--sampling " + sampling + ": it must be one of " + String.join(", ", labels())));
    }

    /** Everything that will be done: {@code steps} times the Gaussian on a sample. */
    DpEvent event(double noiseMultiplier, long steps) {
        return switch (sampling()) {
            case NONE -> new SelfComposed(gaussian(noiseMultiplier), steps);
            case POISSON -> {
                if (rate() == null) {
                    throw new ConfigException("--rate: poisson sampling needs it (or --sample with --population)");
                }
                yield poisson(noiseMultiplier, steps, rate());
            }
            case FIXED_SIZE -> new SelfComposed(fixedSize(gaussian(noiseMultiplier)), steps);
        };
    }

    /** The same under Poisson sampling at a rate of the caller's. */
    DpEvent poisson(double noiseMultiplier, long steps, double atRate) {
        DpEvent gaussian = gaussian(noiseMultiplier);
        return new SelfComposed(atRate == 1 ? gaussian : new PoissonSampled(atRate, gaussian), steps);
    }

    /** Rounds with that many clients of the population: on average under Poisson sampling, exactly if the size is fixed. */
    DpEvent round(double noiseMultiplier, long rounds, int clients) {
        return sampling() == Sampling.FIXED_SIZE
                ? new SelfComposed(
                        new SampledWithoutReplacement(population, clients, gaussian(noiseMultiplier)), rounds)
                : poisson(noiseMultiplier, rounds, (double) clients / population);
    }

    private DpEvent gaussian(double noiseMultiplier) {
        return new Gaussian(noiseMultiplier, 1, relation());
    }

    private DpEvent fixedSize(DpEvent gaussian) {
        if (sample == null || population == null) {
            throw new ConfigException("--sample and --population: fixed-size sampling needs both");
        }
        if (sample < 1 || sample > population) {
            throw new ConfigException("--sample " + sample + " is out of range; it must be at least 1 and at most "
                    + "the population, " + population);
        }
        return new SampledWithoutReplacement(population, sample, gaussian);
    }

    /** What the noise multiplier means under the relation, in words. */
    String meaning(double noiseMultiplier) {
        String multiplier =
                "noise multiplier " + noiseMultiplier + " is the noise's standard deviation over the clipping norm C";
        return relation() == NeighbouringRelation.REPLACE_ONE
                ? multiplier + "; replacing one moves the sum by up to 2C, so the noise is " + noiseMultiplier / 2
                        + " times the sensitivity"
                : multiplier + ", which is the sensitivity under " + relation().label();
    }
}
