package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each parameter out of range is refused in one line that names the option, the value and the range. */
final class PrivacyBadInputTest {
    private static final String MECHANISM = "--noise-multiplier 1 --rate 0.1 --steps 10 ";

    @TempDir
    private Path folder;

    private static void refused(String question, String... parts) {
        Sotto said = Sotto.run(("privacy " + question).trim().split(" +"));
        assertThat(said.err().lines()).as(question).singleElement().asString().contains(parts);
        assertThat(said.err()).startsWith("sotto: ");
        assertThat(said.out()).isEmpty();
        assertThat(said.status()).isEqualTo(Failures.USAGE);
    }

    /** The last of two equal options counts nowhere: each row gives an option once. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --noise-multiplier | 0    | a finite number above 0
            --noise-multiplier | -1   | a finite number above 0
            --noise-multiplier | NaN  | a finite number above 0
            --noise-multiplier | Infinity | a finite number above 0
            --rate             | 0    | above 0 and at most 1
            --rate             | -0.1 | above 0 and at most 1
            --rate             | 1.5  | above 0 and at most 1
            --rate             | NaN  | above 0 and at most 1
            --steps            | 0    | at least 1
            --steps            | -3   | at least 1
            --delta            | 0    | above 0 and below 1
            --delta            | 1    | above 0 and below 1
            --delta            | -1e-5 | above 0 and below 1
            --delta            | NaN  | above 0 and below 1
            """)
    void outOfRange(String option, String value, String range) {
        String question = "epsilon --noise-multiplier 1 --rate 0.1 --steps 10 --delta 1e-5 "
                .replaceFirst(option + " \\S+", option + " " + value);
        String refusal = option + " " + value + " is out of range; it must be " + range;
        refused(question, refusal);
        if (!option.equals("--delta")) {
            String mechanism = question.replace("epsilon ", "").replace(" --delta 1e-5", "");
            refused("delta --epsilon 1 " + mechanism, refusal);
            refused("curve " + mechanism, refusal);
        }
        String unknown = option.equals("--steps") ? "noise-multiplier" : "steps";
        String calibrate = question.replace("epsilon ", "calibrate --epsilon 1 --solve " + unknown + " ")
                .replaceFirst("--" + unknown + " \\S+ ", "");
        refused(calibrate, refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "NaN", "Infinity"})
    void epsilonOutOfRange(String value) {
        refused(
                "delta " + MECHANISM + "--epsilon " + value,
                "--epsilon " + value + " is out of range; it must be a finite");
        refused(
                "calibrate --solve noise-multiplier --rate 0.1 --steps 10 --delta 1e-5 --epsilon " + value,
                "--epsilon " + value + " is out of range; it must be a finite number above 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --sample 0 --population 10    | --sample 0 is out of range; it must be at least 1 and at most the population, 10
            --sample 11 --population 10   | --sample 11 is out of range; it must be at least 1 and at most the population, 10
            --sample -1 --population 10   | --sample -1 is out of range
            --sample 1 --population 0     | --population 0 is out of range; it must be at least 1
            --population -4               | --population -4 is out of range; it must be at least 1
            --sample 5                    | --sample 5: it needs --population
            --sampling poisson            | --rate: poisson sampling needs it
            --sampling fixed-size         | --sample: fixed-size sampling needs it
            --sampling fixed-size --rate 0.1 | --sample: fixed-size sampling needs it
            --sampling none --rate 0.1    | --rate: with --sampling none nothing is sampled
            --sample 1 --population 5 --rate 0.2 | --rate and --sample: give one of them
            --grid 1e-4                   | --grid: only --accountant pld has one
            --grid 0 --accountant pld     | --grid 0 is out of range; it must be a finite number above 0
            --grid NaN --accountant pld   | --grid NaN is out of range; it must be a finite number above 0
            --sampling poison             | --sampling poison: it must be one of poisson, fixed-size, none; did you mean poisson?
            --relation zero               | --relation zero: it must be one of add-or-remove-one, replace-one, zero-out
            --accountant rpd              | --accountant rpd: it must be one of rdp, pld, tightest; did you mean
            --sample 1.5 --population 5   | '--sample': '1.5' is not a whole number
            """)
    void sampling(String options, String refusal) {
        refused("epsilon --noise-multiplier 1 --steps 10 --delta 1e-5 " + options, refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            epsilon --noise-multiplier 1 --rate 0.1 --steps 10      | Missing required option: '--delta=D'
            epsilon --rate 0.1 --steps 10 --delta 1e-5              | Missing required option: '--noise-multiplier=S'
            epsilon --noise-multiplier 1 --rate 0.1 --delta 1e-5    | Missing required option: '--steps=T'
            delta --noise-multiplier 1 --rate 0.1 --steps 10        | Missing required option: '--epsilon=E'
            epsilon --noise-multiplier abc --steps 10 --delta 1e-5  | '--noise-multiplier': 'abc' is not a number
            epsilon --noise-multiplier 1 --steps 1e3 --delta 1e-5   | '--steps': '1e3' is not a whole number
            calibrate --epsilon 1 --delta 1e-5                      | Missing required option: '--solve=UNKNOWN'
            calibrate --solve noise --epsilon 1 --delta 1e-5        | --solve noise: it must be one of noise-multiplier, steps
            calibrate --solve steps --epsilon 1 --delta 1e-5        | --noise-multiplier: solving for steps needs it
            calibrate --solve noise-multiplier --epsilon 1 --delta 1e-5 | --steps: solving for noise-multiplier needs it
            calibrate --solve noise-multiplier --epsilon 1 --steps 5 | --delta: solving for noise-multiplier needs it
            calibrate --solve noise-multiplier --delta 1e-5 --steps 5 | --epsilon: solving for noise-multiplier needs it
            calibrate --solve steps --steps 5 --epsilon 1 --delta 1e-5 --noise-multiplier 1 | --steps: it is what is solved for
            calibrate --solve steps --epsilon 0.01 --delta 1e-5 --noise-multiplier 1 | --epsilon 0.01 is out of reach: one step
            calibrate --solve clients-per-round --epsilon 1 --delta 1e-5 --steps 5 --noise-to-clients-ratio 0.1 | --population: solving for clients-per-round needs it
            calibrate --solve clients-per-round --epsilon 1 --delta 1e-5 --steps 5 --population 9 | --noise-to-clients-ratio: solving for
            calibrate --solve clients-per-round --epsilon 1 --delta 1e-5 --steps 5 --population 9 --noise-to-clients-ratio -1 | --noise-to-clients-ratio -1 is out of range; it must be a finite number above 0
            calibrate --solve clients-per-round --epsilon 1 --delta 1e-5 --steps 5 --population 9 --noise-to-clients-ratio 0.1 | not even 9 clients per round are enough
            calibrate --solve steps --noise-to-clients-ratio 1 --epsilon 1 --delta 1e-5 --noise-multiplier 1 | it goes with --solve clients-per-round only
            """)
    void missingOrOutOfPlace(String question, String refusal) {
        refused(question, refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type": "gausian"}                                         | gausian
            {"type": "gaussian", "standardDeviation": -1, "clippingNorm": 1, "relation": "zero-out"} | standard deviation of the Gaussian event is -1.0; it must be
            {"type": "gaussian", "standardDeviation": 1, "clippingNorm": 1} | relation of the Gaussian event is missing
            {"type": "gaussian", "clippingNorm": 1, "relation": "zero-out"} | standardDeviation is missing or of another kind; it must be a number
            [                                                           | not valid JSON
            3                                                           | expected an event, a list of events or a run's privacy.json
            []                                                          | it holds no events
            [{"type": "laplace", "scale": 1, "clippingNorm": 1, "relation": "zero-out"}, {"type": "laplace", "scale": 1, "clippingNorm": 1, "relation": "add-or-remove-one"}] | they must share one neighbouring relation
            """)
    void filesThatHoldNoEvents(String text, String refusal) throws IOException {
        Path file = Files.writeString(folder.resolve("events.json"), text);
        refused("compose --delta 1e-5 " + file, refusal);
    }

    @Test
    void filesAndDeltaOfACompositionAreNeeded() throws IOException {
        Path file = Files.writeString(folder.resolve("event.json"), "{\"type\": \"no-op\"}");
        refused("compose " + file, "--delta: the files state none, so it is needed");
        refused("compose --delta 2 " + file, "--delta 2 is out of range; it must be above 0 and below 1");
        refused("compose --delta 1e-5 " + folder.resolve("no.json"), "no.json: there is no such file");
        refused("compose --delta 1e-5", "Missing required parameter: 'FILE'");
    }

    @Test
    void aCurveThatCannotBeWritten() {
        refused(
                "curve " + MECHANISM + "--out " + folder.resolve("no/curve.svg"),
                "--out " + folder.resolve("no/curve.svg") + ": it cannot be written");
    }
}
