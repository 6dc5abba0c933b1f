package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import dev.sotto.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto privacy calibrate. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Find the one unknown that meets a target: the least noise, the most steps, the highest rate, the fewest "
                    + "clients per round, or the least epsilon or delta. The answer never exceeds the target."
        },
        footer = {
            "",
            "Examples:",
            "  sotto privacy calibrate --solve noise-multiplier --epsilon 1 --delta 1e-5 \\",
            "      --rate 0.01 --steps 1000",
            "  sotto privacy calibrate --solve clients-per-round --epsilon 2 --delta 1e-4 \\",
            "      --population 50000 --noise-to-clients-ratio 0.005 --steps 100"
        })
final class PrivacyCalibrateCommand implements Callable<Integer> {
    private static final List<String> UNKNOWNS =
            List.of("noise-multiplier", "steps", "rate", "clients-per-round", "epsilon", "delta");
    private static final long MOST_STEPS = 10_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Mixin
    private MechanismOptions mechanism;

    @Option(
            names = "--solve",
            required = true,
            paramLabel = "UNKNOWN",
            description = "noise-multiplier, steps, rate, clients-per-round, epsilon or delta.")
    private String solve;

    @Option(names = "--epsilon", paramLabel = "E", description = "The target.")
    private Double epsilon;

    @Option(names = "--delta", paramLabel = "D", description = "Above 0 and below 1.")
    private Double delta;

    @Option(names = "--noise-multiplier", paramLabel = "S", description = "Standard deviation over clipping norm.")
    private Double noiseMultiplier;

    @Option(names = "--steps", paramLabel = "T", description = "Steps, or rounds.")
    private Long steps;

    @Option(
            names = "--noise-to-clients-ratio",
            paramLabel = "R",
            description = "Noise multiplier for each client of a round: n clients make it R n.")
    private Double ratio;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        MechanismOptions.oneOf("--solve", solve, UNKNOWNS);
        check();
        Solution solution =
                switch (solve) {
                    case "noise-multiplier" -> noiseMultiplier();
                    case "steps" -> steps();
                    case "rate" -> rate();
                    case "clients-per-round" -> clientsPerRound();
                    default -> known();
                };
        Console.of(spec).result(json ? solution.json(this).toString() : solution.text(this));
        return 0;
    }

    /** Whatever was given is in range, and the unknown was not given. */
    private void check() {
        given("noise-multiplier", noiseMultiplier, OptionRange::positive);
        given("epsilon", epsilon, solve.equals("delta") ? OptionRange::nonNegative : OptionRange::positive);
        given("delta", delta, OptionRange::openUnit);
        given("noise-to-clients-ratio", ratio, OptionRange::positive);
        given("rate", mechanism.rate().orElse(null), OptionRange::rate);
        if (steps != null) {
            given("steps", (double) OptionRange.atLeastOne("--steps", steps), OptionRange::positive);
        }
        if (ratio != null && !solve.equals("clients-per-round")) {
            throw new ConfigException("--noise-to-clients-ratio: it goes with --solve clients-per-round only");
        }
    }

    private void given(String name, Double value, BiConsumer<String, Double> range) {
        if (value != null && name.equals(solve)) {
            throw new ConfigException("--" + name + ": it is what is solved for; drop it, or solve for another");
        }
        if (value != null) {
            range.accept("--" + name, value);
        }
    }

    /** All parameters with the unknown filled in; what does not apply is null. */
    private record Solution(
            Double noiseMultiplier, Long steps, Double rate, Integer clients, double delta, EpsilonAnswer spent) {
        ObjectNode json(PrivacyCalibrateCommand asked) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("solved", asked.solve).put("noiseMultiplier", noiseMultiplier);
            json.put("steps", steps).put("rate", rate).put("clientsPerRound", clients);
            boolean bounded = spent.epsilon().isPresent();
            json.put("epsilon", bounded ? spent.epsilon().getAsDouble() : null);
            if (asked.solve.equals("delta")) {
                json.put("delta", delta);
            }
            return json.put("accountant", spent.accountant());
        }

        String text(PrivacyCalibrateCommand asked) {
            String found =
                    switch (asked.solve) {
                        case "noise-multiplier" -> "noise multiplier " + PrivacyText.atLeast(noiseMultiplier);
                        case "steps" -> "steps " + steps;
                        case "rate" -> "rate " + PrivacyText.atMost(rate);
                        case "clients-per-round" ->
                            "clients per round " + clients + ", noise multiplier "
                                    + PrivacyText.atLeast(noiseMultiplier) + ", rate " + PrivacyText.exactly(rate);
                        case "epsilon" -> "epsilon " + PrivacyText.epsilon(spent);
                        default -> "delta " + PrivacyText.atLeast(delta);
                    };
            List<String> lines = new ArrayList<>();
            String at = asked.solve.equals("delta") ? PrivacyText.atLeast(delta) : PrivacyText.exactly(delta);
            lines.add("spends epsilon " + PrivacyText.epsilon(spent) + " at delta " + at
                    + (steps == null ? "" : " in " + steps + (steps == 1 ? " step" : " steps")));
            lines.addAll(PrivacyText.reasons(spent));
            lines.addAll(asked.mechanism.meaning(noiseMultiplier, delta));
            return PrivacyText.page(found, lines);
        }
    }

    private Solution solution(double sigma, long times, Double rate, Integer clients, DpEvent event) {
        double at = need("--delta", delta);
        return new Solution(sigma, times, rate, clients, at, accountant().epsilon(event, new Delta(at)));
    }

    private Solution noiseMultiplier() {
        long times = need("--steps", steps);
        double found =
                Calibration.noiseMultiplier(accountant(), target(), at(), sigma -> mechanism.event(sigma, times));
        return solution(found, times, mechanism.rate().orElse(null), null, mechanism.event(found, times));
    }

    private Solution steps() {
        double sigma = need("--noise-multiplier", noiseMultiplier);
        long found =
                Calibration.steps(accountant(), target(), at(), count -> mechanism.event(sigma, count), MOST_STEPS);
        if (found == 0) {
            throw new ConfigException("--epsilon " + PrivacyText.exactly(epsilon)
                    + " is out of reach: one step already spends more; raise --noise-multiplier");
        }
        return solution(sigma, found, mechanism.rate().orElse(null), null, mechanism.event(sigma, found));
    }

    private Solution rate() {
        if (mechanism.samples() && mechanism.sampling() != MechanismOptions.Sampling.POISSON) {
            throw new ConfigException("--sampling: only poisson sampling has a rate to solve for");
        }
        double sigma = need("--noise-multiplier", noiseMultiplier);
        long times = need("--steps", steps);
        double found = Calibration.rate(accountant(), target(), at(), q -> mechanism.poisson(sigma, times, q));
        return solution(sigma, times, found, null, mechanism.poisson(sigma, times, found));
    }

    private Solution clientsPerRound() {
        double perClient = need("--noise-to-clients-ratio", ratio);
        long population = need("--population", mechanism.population().orElse(null));
        long rounds = need("--steps", steps);
        if (noiseMultiplier != null) {
            throw new ConfigException("--noise-multiplier: it follows from --noise-to-clients-ratio; drop it");
        }
        if (mechanism.rate().isPresent()) {
            throw new ConfigException("--rate: it follows from the clients per round and --population; drop it");
        }
        IntFunction<DpEvent> event = round(perClient, population, rounds);
        int most = (int) Math.min(population, Integer.MAX_VALUE);
        int found = Calibration.clientsPerRound(accountant(), target(), at(), event, most);
        return solution(perClient * found, rounds, (double) found / population, found, event.apply(found));
    }

    /** All rounds, by the number of clients in each: on average under Poisson sampling, exactly if the size is fixed. */
    private IntFunction<DpEvent> round(double perClient, long population, long rounds) {
        if (!mechanism.samples() || mechanism.sampling() == MechanismOptions.Sampling.POISSON) {
            return n -> mechanism.poisson(perClient * n, rounds, (double) n / population);
        }
        return mechanism.sampling() == MechanismOptions.Sampling.FIXED_SIZE
                ? n -> mechanism.fixedSize(perClient * n, rounds, n)
                : n -> mechanism.event(perClient * n, rounds);
    }

    private Solution known() {
        double sigma = need("--noise-multiplier", noiseMultiplier);
        long times = need("--steps", steps);
        DpEvent event = mechanism.event(sigma, times);
        Double rate = mechanism.rate().orElse(null);
        if (solve.equals("epsilon")) {
            return solution(sigma, times, rate, null, event);
        }
        double found = accountant().delta(event, target());
        if (!(found > 0 && found < 1)) {
            throw new ConfigException("--epsilon " + PrivacyText.exactly(epsilon) + ": delta comes to " + found
                    + ", which is no delta; it must be above 0 and below 1");
        }
        EpsilonAnswer winner = accountant().epsilon(event, new Delta(found));
        EpsilonAnswer spent = new EpsilonAnswer(
                OptionalDouble.of(epsilon), winner.accountant(), winner.order(), winner.explanation());
        return new Solution(sigma, times, rate, null, found, spent);
    }

    private Accountant accountant() {
        return mechanism.accountant();
    }

    private Epsilon target() {
        return new Epsilon(need("--epsilon", epsilon));
    }

    private Delta at() {
        return new Delta(need("--delta", delta));
    }

    private <T> T need(String option, T value) {
        if (value == null) {
            throw new ConfigException(option + ": solving for " + solve + " needs it");
        }
        return value;
    }
}
