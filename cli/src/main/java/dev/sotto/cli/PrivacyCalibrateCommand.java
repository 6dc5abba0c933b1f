package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Nearest;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.event.DpEvent;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Option(names = "--delta", paramLabel = "D", description = "Strictly between 0 and 1.")
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
        if (!UNKNOWNS.contains(solve)) {
            String hint = Nearest.to(solve, UNKNOWNS)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("");
            throw new ConfigException("--solve " + solve + ": it must be one of " + String.join(", ", UNKNOWNS) + hint);
        }
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

    /** All parameters with the unknown filled in; what does not apply is null. */
    private record Solution(Double noiseMultiplier, Long steps, Double rate, Integer clients, DpEvent event) {
        ObjectNode json(PrivacyCalibrateCommand asked) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("solved", asked.solve)
                    .put("noiseMultiplier", noiseMultiplier)
                    .put("steps", steps);
            json.put("rate", rate).put("clientsPerRound", clients);
            json.put("epsilon", asked.epsilonOf(event)).put("delta", asked.deltaOf(event));
            json.put("accountant", asked.mechanism.accountant().label());
            return json;
        }

        String text(PrivacyCalibrateCommand asked) {
            String found =
                    switch (asked.solve) {
                        case "noise-multiplier" -> "noise multiplier " + noiseMultiplier;
                        case "steps" -> "steps " + steps;
                        case "rate" -> "rate " + rate;
                        case "clients-per-round" ->
                            "clients per round " + clients + " (noise multiplier " + noiseMultiplier + ", rate " + rate
                                    + ")";
                        case "epsilon" -> "epsilon " + asked.epsilonOf(event);
                        default -> "delta " + asked.deltaOf(event);
                    };
            return found + "\nspends epsilon " + asked.epsilonOf(event) + " at delta " + asked.deltaOf(event) + ", "
                    + asked.mechanism.relation().label() + " neighbours, accountant "
                    + asked.mechanism.accountant().label() + "\n" + asked.mechanism.meaning(noiseMultiplier);
        }
    }

    private Solution noiseMultiplier() {
        long times = need("--steps", steps);
        double found =
                Calibration.noiseMultiplier(accountant(), target(), at(), sigma -> mechanism.event(sigma, times));
        return new Solution(found, times, mechanism.rate(), null, mechanism.event(found, times));
    }

    private Solution steps() {
        double sigma = need("--noise-multiplier", noiseMultiplier);
        long found =
                Calibration.steps(accountant(), target(), at(), count -> mechanism.event(sigma, count), MOST_STEPS);
        if (found == 0) {
            throw new ConfigException("--epsilon " + epsilon + " is out of reach: one step already spends more; raise "
                    + "--noise-multiplier");
        }
        return new Solution(sigma, found, mechanism.rate(), null, mechanism.event(sigma, found));
    }

    private Solution rate() {
        double sigma = need("--noise-multiplier", noiseMultiplier);
        long times = need("--steps", steps);
        double found = Calibration.rate(accountant(), target(), at(), q -> mechanism.poisson(sigma, times, q));
        return new Solution(sigma, times, found, null, mechanism.poisson(sigma, times, found));
    }

    private Solution clientsPerRound() {
        double perClient = need("--noise-to-clients-ratio", ratio);
        long population = need("--population", mechanism.population());
        long rounds = need("--steps", steps);
        int most = (int) Math.min(population, Integer.MAX_VALUE);
        int found = Calibration.clientsPerRound(
                accountant(), target(), at(), n -> mechanism.round(perClient * n, rounds, n), most);
        return new Solution(
                perClient * found,
                rounds,
                (double) found / population,
                found,
                mechanism.round(perClient * found, rounds, found));
    }

    private Solution known() {
        double sigma = need("--noise-multiplier", noiseMultiplier);
        long times = need("--steps", steps);
        return new Solution(sigma, times, mechanism.rate(), null, mechanism.event(sigma, times));
    }

    private Accountant accountant() {
        return mechanism.accountant().accountant();
    }

    private Epsilon target() {
        return new Epsilon(need("--epsilon", epsilon));
    }

    private Delta at() {
        return new Delta(need("--delta", delta));
    }

    private Double epsilonOf(DpEvent event) {
        if (solve.equals("delta")) {
            return need("--epsilon", epsilon);
        }
        double value = accountant().epsilon(event, at()).orInfinity();
        return Double.isFinite(value) ? value : null;
    }

    private double deltaOf(DpEvent event) {
        return solve.equals("delta") ? accountant().delta(event, target()) : need("--delta", delta);
    }

    private <T> T need(String option, T value) {
        if (value == null) {
            throw new ConfigException(option + ": solving for " + solve + " needs it");
        }
        return value;
    }
}
