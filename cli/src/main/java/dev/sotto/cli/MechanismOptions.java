package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Nearest;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.PldAccountant;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
            description =
                    "poisson, fixed-size or none. Default: poisson with --rate, fixed-size with --sample, else none.")
    private String sampling;

    @Option(names = "--rate", paramLabel = "Q", description = "Sampling rate, above 0 and at most 1.")
    private Double rate;

    @Option(names = "--sample", paramLabel = "M", description = "Size of a sample, with --population.")
    private Long sample;

    @Option(names = "--population", paramLabel = "N", description = "How many there are to draw from.")
    private Long population;

    @Option(
            names = "--relation",
            paramLabel = "KIND",
            defaultValue = "add-or-remove-one",
            description = "Which data sets are neighbours: add-or-remove-one, replace-one or zero-out. Default: "
                    + "${DEFAULT-VALUE}.")
    private String relation;

    @Option(
            names = "--accountant",
            paramLabel = "NAME",
            defaultValue = "tightest",
            description = "rdp, pld or tightest, the smallest that any of them proves. Default: ${DEFAULT-VALUE}.")
    private String accountant;

    @Option(
            names = "--grid",
            paramLabel = "H",
            description = "Distance of two privacy losses, for --accountant pld. Default: one that suits the question.")
    private Double grid;

    private static List<String> labels() {
        return Arrays.stream(Sampling.values()).map(kind -> kind.label).toList();
    }

    Accountant accountant() {
        AccountantChoice choice = accountant(accountant);
        if (grid == null) {
            return choice.accountant();
        }
        if (choice != AccountantChoice.PLD) {
            throw new ConfigException("--grid: only --accountant pld has one; name it, or drop --grid");
        }
        return PldAccountant.withGrid(OptionRange.positive("--grid", grid));
    }

    /** The accountant of a name that was given as an option. */
    static AccountantChoice accountant(String name) {
        List<String> names = Arrays.stream(AccountantChoice.values())
                .map(AccountantChoice::label)
                .toList();
        return AccountantChoice.parse(oneOf("--accountant", name, names));
    }

    NeighbouringRelation relation() {
        List<String> names = Arrays.stream(NeighbouringRelation.values())
                .map(NeighbouringRelation::label)
                .toList();
        return NeighbouringRelation.parse(oneOf("--relation", relation, names));
    }

    /** A word among those that are valid. */
    static String oneOf(String option, String word, List<String> valid) {
        if (valid.contains(word)) {
            return word;
        }
        String hint = Nearest.to(word, valid)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        throw new ConfigException(option + " " + word + ": it must be one of " + String.join(", ", valid) + hint);
    }

    /** How many there are, if that was said. */
    Optional<Long> population() {
        return Optional.ofNullable(population).map(size -> OptionRange.atLeastOne("--population", size));
    }

    /** The rate that was given, or follows from sample and population. */
    Optional<Double> rate() {
        if (rate != null) {
            return Optional.of(OptionRange.rate("--rate", rate));
        }
        return sample == null ? Optional.empty() : Optional.of((double) sample() / population);
    }

    private long sample() {
        if (population().isEmpty()) {
            throw new ConfigException(
                    "--sample " + sample + ": it needs --population, how many there are to draw from");
        }
        if (sample < 1 || sample > population) {
            throw new ConfigException("--sample " + sample + " is out of range; it must be at least 1 and at most "
                    + "the population, " + population);
        }
        return sample;
    }

    Sampling sampling() {
        if (rate != null && sample != null) {
            throw new ConfigException("--rate and --sample: give one of them");
        }
        if (sampling == null) {
            return rate != null ? Sampling.POISSON : sample != null ? Sampling.FIXED_SIZE : Sampling.NONE;
        }
        return Sampling.values()[labels().indexOf(oneOf("--sampling", sampling, labels()))];
    }

    /** Whether a kind of sampling was asked for by name, option or both. */
    boolean samples() {
        return sampling != null || rate != null || sample != null;
    }

    /** Everything that will be done: {@code steps} times the Gaussian on a sample. */
    DpEvent event(double noiseMultiplier, long steps) {
        population();
        return switch (sampling()) {
            case NONE -> new SelfComposed(unsampled(noiseMultiplier), steps);
            case POISSON -> {
                double share = rate().orElseThrow(() ->
                        new ConfigException("--rate: poisson sampling needs it (or --sample with --population)"));
                yield poisson(noiseMultiplier, steps, share);
            }
            case FIXED_SIZE -> {
                if (sample == null) {
                    throw new ConfigException("--sample: fixed-size sampling needs it, with --population");
                }
                yield fixedSize(noiseMultiplier, steps, sample());
            }
        };
    }

    private DpEvent unsampled(double noiseMultiplier) {
        if (rate().isPresent()) {
            String given = rate != null ? "--rate" : "--sample";
            throw new ConfigException(given + ": with --sampling none nothing is sampled; drop one of the two");
        }
        return gaussian(noiseMultiplier);
    }

    /** The same under Poisson sampling at a rate of the caller's. */
    DpEvent poisson(double noiseMultiplier, long steps, double atRate) {
        DpEvent gaussian = gaussian(noiseMultiplier);
        return new SelfComposed(atRate == 1 ? gaussian : new PoissonSampled(atRate, gaussian), steps);
    }

    /** The same on samples of a size of the caller's. */
    DpEvent fixedSize(double noiseMultiplier, long steps, long size) {
        return new SelfComposed(new SampledWithoutReplacement(population, size, gaussian(noiseMultiplier)), steps);
    }

    private DpEvent gaussian(double noiseMultiplier) {
        return new Gaussian(noiseMultiplier, 1, relation());
    }

    /** What the noise multiplier means under the relation and the sampling, and what is odd about delta: a line each. */
    List<String> meaning(double noiseMultiplier, double delta) {
        List<String> lines = new ArrayList<>();
        String half = PrivacyText.atMost(noiseMultiplier / 2);
        String multiplier = "the noise multiplier is the noise's standard deviation over the clipping norm C; ";
        if (sampling() == Sampling.FIXED_SIZE) {
            lines.add(multiplier + "samples that differ in one unit lie up to 2C apart: the noise is " + half
                    + " times that");
            if (relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
                lines.add("the population is a declared constant: the larger of two neighbours has at least as many");
            }
        } else if (relation() == NeighbouringRelation.REPLACE_ONE) {
            lines.add(multiplier + "replacing a unit moves a sum by up to 2C: the noise is " + half + " times that");
        } else {
            lines.add(multiplier + "C is the sensitivity under " + relation().label());
        }
        population()
                .filter(size -> delta < 1 && delta > 1.0 / size)
                .ifPresent(size -> lines.add("careful: delta "
                        + PrivacyText.atLeast(delta) + " is above 1/" + size
                        + ": to publish one unit, drawn at random, as it is would pass; choose a smaller delta"));
        return lines;
    }
}
