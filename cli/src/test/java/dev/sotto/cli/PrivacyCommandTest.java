package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** What {@code sotto privacy} answers, to people and to scripts. */
final class PrivacyCommandTest {
    private static final String TARGET =
            "calibrate --solve noise-multiplier --epsilon 1 --delta 1e-5 --rate 0.0010660980810234541 --steps 9380";
    private static final String COHORT = "calibrate --solve clients-per-round --epsilon 2 --delta 1e-4 --steps 100"
            + " --population 50000 --noise-to-clients-ratio 0.005";

    @TempDir
    private Path folder;

    private static Sotto ask(String question) {
        Sotto said = Sotto.run(("privacy " + question).split(" "));
        assertThat(said.status()).as(said.err()).isZero();
        return said;
    }

    private static JsonNode json(String question) {
        Sotto said = ask(question + " --json");
        assertThat(said.out().lines()).hasSize(1);
        return said.json();
    }

    private static List<String> keys(JsonNode json) {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @CsvSource({"rdp, 124, 0.62", "pld, 100, 0.5"})
    void clientsPerRoundOfTheSeedComputation(String accountant, int clients, double noise) {
        JsonNode json = json(COHORT + " --accountant " + accountant);
        assertThat(keys(json))
                .containsExactly(
                        "solved", "noiseMultiplier", "steps", "rate", "clientsPerRound", "epsilon", "accountant");
        assertThat(json.get("solved").asText()).isEqualTo("clients-per-round");
        assertThat(json.get("clientsPerRound").isInt()).isTrue();
        assertThat(json.get("clientsPerRound").asInt()).isEqualTo(clients);
        assertThat(json.get("steps").isIntegralNumber()).isTrue();
        assertThat(json.get("noiseMultiplier").asDouble()).isCloseTo(noise, within(1e-12));
        assertThat(json.get("rate").asDouble()).isEqualTo(clients / 50_000.0);
        assertThat(json.get("epsilon").asDouble()).isBetween(1.9, 2.0);
        assertThat(json.get("accountant").asText()).isEqualTo(accountant);
    }

    @ParameterizedTest
    @CsvSource({"rdp, 0.91321, 5e-6", "pld, 0.7492, 1e-4"})
    void noiseOfTheSeedComputation(String accountant, double noise, double tolerance) {
        JsonNode json = json(TARGET + " --accountant " + accountant);
        assertThat(json.get("noiseMultiplier").asDouble()).isCloseTo(noise, within(tolerance));
        assertThat(json.get("epsilon").asDouble()).isBetween(1 - 1e-4, 1.0);
        assertThat(json.get("clientsPerRound").isNull()).isTrue();
    }

    /** The last rows of the table of budgets across rounds; the privacy module holds them all. */
    @ParameterizedTest
    @CsvSource({"0.010604805, 94, 1.2401", "0.010604805, 940, 2.1698"})
    void epsilonAfterRounds(double rate, long steps, double epsilon) {
        JsonNode json = json("epsilon --noise-multiplier 1.0 --rate " + rate + " --steps " + steps
                + " --delta 1e-5 --accountant rdp");
        assertThat(keys(json)).containsExactly("epsilon", "accountant", "order");
        assertThat(json.get("epsilon").asDouble()).isCloseTo(epsilon, within(6e-5));
        assertThat(json.get("order").asDouble()).isGreaterThan(1);
    }

    @Test
    void deltaAnswersLikeEpsilonAndInvertsIt() {
        String mechanism = " --noise-multiplier 1 --rate 0.01 --steps 1000";
        JsonNode epsilon = json("epsilon --delta 1e-5 --accountant rdp" + mechanism);
        JsonNode delta = json(
                "delta --accountant rdp --epsilon " + epsilon.get("epsilon").asText() + mechanism);
        assertThat(keys(delta)).containsExactly("delta", "accountant", "order");
        assertThat(delta.get("delta").asDouble()).isCloseTo(1e-5, within(1e-12));
        assertThat(delta.get("order")).isEqualTo(epsilon.get("order"));
        JsonNode tightest = json("delta --epsilon 2" + mechanism);
        assertThat(tightest.get("accountant").asText()).isEqualTo("pld");
        assertThat(tightest.get("order").isNull()).isTrue();
    }

    @Test
    void theDefaultsAreTheTightestAccountantAddOrRemoveOneAndPoissonIfARateIsGiven() {
        String mechanism = "epsilon --noise-multiplier 1 --rate 0.01 --steps 100 --delta 1e-5";
        assertThat(ask(mechanism).out())
                .isEqualTo(ask(mechanism + " --sampling poisson --relation add-or-remove-one --accountant tightest")
                        .out());
        String unsampled = "epsilon --noise-multiplier 5 --steps 10 --delta 1e-5";
        assertThat(ask(unsampled).out())
                .isEqualTo(ask(unsampled + " --sampling none").out());
        String sample = "epsilon --noise-multiplier 5 --sample 10 --population 1000 --steps 10 --delta 1e-5"
                + " --relation replace-one";
        assertThat(ask(sample).out())
                .isEqualTo(ask(sample + " --sampling fixed-size").out());
    }

    @Test
    void poissonSamplingOfASampleFromAPopulationHasTheRateOfTheTwo() {
        String mechanism = "epsilon --noise-multiplier 1 --steps 100 --delta 1e-5 --sampling poisson";
        assertThat(json(mechanism + " --sample 10 --population 1000")).isEqualTo(json(mechanism + " --rate 0.01"));
    }

    /** One unit of a fixed-size sample takes another's place; Poisson sampling has no other to lose. */
    @Test
    void samplesOfFixedSizeAreAccountedUnderEveryRelation() {
        String mechanism = "epsilon --noise-multiplier 5 --sample 100 --population 10000 --steps 1000 --delta 1e-5";
        double added = json(mechanism).get("epsilon").asDouble();
        double replaced =
                json(mechanism + " --relation replace-one").get("epsilon").asDouble();
        double poisson = json(mechanism + " --sampling poisson").get("epsilon").asDouble();
        assertThat(added).isBetween(poisson, replaced);
        assertThat(ask(mechanism).out()).contains("the population is a declared constant");
    }

    @Test
    void aGridThatWasAskedForIsUsed() {
        String tiny = "epsilon --noise-multiplier 20 --rate 1e-5 --steps 100000 --delta 1e-5 --accountant pld";
        assertThat(json(tiny + " --grid 1e-4").get("epsilon").asDouble()).isCloseTo(0.00438, within(1e-5));
        assertThat(json(tiny).get("epsilon").asDouble()).isLessThan(0.001);
    }

    @Test
    void replaceOneIsAccountedWithTwiceTheClippingNorm() {
        String plain = "epsilon --steps 10 --delta 1e-5 --noise-multiplier ";
        assertThat(json(plain + "8 --relation replace-one")).isEqualTo(json(plain + "4"));
        assertThat(ask(plain + "8 --relation replace-one").out())
                .contains("moves a sum by up to 2C: the noise is 4 times that");
    }

    @Test
    void textExplainsItselfWithinEightyColumns() {
        String[] questions = {
            "epsilon --noise-multiplier 1.1 --rate 0.004 --steps 3750 --delta 1e-5",
            "epsilon --noise-multiplier 1.1 --rate 0.004 --steps 3750 --delta 1e-5 --accountant rdp",
            "epsilon --noise-multiplier 5 --sample 10 --population 1000 --steps 10 --delta 0.01 --relation zero-out",
            "delta --noise-multiplier 0.001 --steps 1000 --epsilon 2",
            COHORT + " --accountant rdp"
        };
        for (String question : questions) {
            assertThat(ask(question).out().lines())
                    .allMatch(line -> line.length() <= 80)
                    .noneMatch(line -> line.matches(".*(\\dE-?\\d|Infinity|NaN|\\.\\d{8}).*"));
        }
        assertThat(ask(questions[0]).out()).startsWith("epsilon 1.09").contains("at delta 1e-5", "accountant pld");
        assertThat(ask(questions[1]).out()).contains("accountant rdp", "at order 12");
        assertThat(ask(questions[2]).out())
                .contains("samples of fixed size", "up to 2C apart", "careful: delta 0.01 is above 1/1000");
        assertThat(ask(questions[3]).out()).startsWith("delta 1 at epsilon 2").contains("promises nothing");
    }

    /** What a person copies from the answer still meets the target. */
    @Test
    void printedNumbersAreRoundedToTheSafeSide() {
        String printed =
                ask(TARGET + " --accountant rdp").out().lines().findFirst().orElseThrow();
        String sigma = printed.substring("noise multiplier ".length());
        assertThat(sigma).hasSizeLessThanOrEqualTo(8);
        JsonNode again = json("epsilon --rate 0.0010660980810234541 --steps 9380 --delta 1e-5 --accountant rdp"
                + " --noise-multiplier " + sigma);
        assertThat(again.get("epsilon").asDouble()).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--solve steps --noise-multiplier 3 --rate 0.1", "--solve rate --noise-multiplier 3 --steps 9"})
    void whatIsSolvedForStaysWithinTheTarget(String unknown) {
        JsonNode json = json("calibrate --epsilon 2 --delta 1e-6 " + unknown);
        assertThat(json.get("epsilon").asDouble()).isBetween(1.9, 2.0);
        if (unknown.contains("steps --noise")) {
            assertThat(json.get("steps").isIntegralNumber()).isTrue();
            assertThat(json.get("steps").asLong()).isEqualTo(155);
        }
    }

    @Test
    void anEpsilonThatDoesNotExistIsNull() throws IOException {
        Path file = Files.writeString(folder.resolve("event.json"), "{\"type\": \"non-private\"}");
        JsonNode json = json("compose --delta 1e-5 " + file);
        assertThat(json.get("epsilon").isNull()).isTrue();
        assertThat(ask("compose --delta 1e-5 " + file).out()).startsWith("epsilon none at delta 1e-5");
    }

    @Test
    void twoRunsOnTheSameDataCostTheirComposition() throws IOException {
        TinyExperiment tiny = new TinyExperiment(folder);
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        assertThat(tiny.runWith(List.of("--out", one.toString())).status()).isZero();
        assertThat(tiny.runWith(List.of("--out", two.toString()), "rounds=3").status())
                .isZero();
        JsonNode runs = json("compose " + one.resolve("privacy.json") + " " + two.resolve("privacy.json"));
        assertThat(runs.get("clients")).hasSize(2);
        List<String> events = new ArrayList<>();
        for (Path run : List.of(one, two)) {
            JsonNode client = new Sotto(0, Files.readString(run.resolve("privacy.json")), "")
                    .json()
                    .get("clients")
                    .get(0);
            events.add(client.get("event").toString());
            assertThat(runs.get("epsilon").asDouble())
                    .isGreaterThan(client.get("epsilon").asDouble());
        }
        Path list = Files.writeString(folder.resolve("events.json"), events.toString());
        JsonNode composed = json("compose --delta 1e-3 " + list);
        assertThat(runs.get("clients").get(0).get("epsilon")).isEqualTo(composed.get("epsilon"));
        assertThat(runs.get("delta").asDouble()).isEqualTo(1e-3);
        assertThat(ask("compose " + one.resolve("privacy.json")).out())
                .contains("largest over 2 clients", "client-0", "client-1");
    }

    /** A run without privacy on the same data leaves no guarantee; to pass over it would be the error. */
    @Test
    void aRunWithoutPrivacyIsNotPassedOver() {
        TinyExperiment tiny = new TinyExperiment(folder);
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        tiny.runWith(List.of("--out", one.toString()));
        tiny.runWith(List.of("--out", two.toString()), "privacy=null");
        JsonNode runs = json("compose " + one.resolve("privacy.json") + " " + two.resolve("privacy.json"));
        assertThat(runs.get("epsilon").isNull()).isTrue();
    }

    @Test
    void anEventThatNamesNoClientIsChargedToEach() throws IOException {
        TinyExperiment tiny = new TinyExperiment(folder);
        tiny.run();
        Path event = Files.writeString(
                folder.resolve("event.json"),
                "{\"type\": \"gaussian\", \"standardDeviation\": 1, \"clippingNorm\": 1, \"relation\": \"zero-out\"}");
        String run = tiny.runs().resolve("privacy.json").toString();
        JsonNode alone = json("compose " + run);
        JsonNode both = json("compose " + run + " " + event);
        assertThat(both.get("clients")).hasSize(2);
        for (int client = 0; client < 2; client++) {
            assertThat(both.get("clients").get(client).get("epsilon").asDouble())
                    .isGreaterThan(
                            alone.get("clients").get(client).get("epsilon").asDouble());
        }
    }

    /** The guide shows one event of each type, as JSON that compose reads. */
    @Test
    void everyEventOfTheGuideComposes() throws IOException {
        Path guide = Path.of(System.getProperty("sotto.root", ".."), "docs", "which-epsilon.md");
        List<String> events = Pattern.compile("`(\\{\"type\".*?\\})`")
                .matcher(Files.readString(guide))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(events).hasSize(19);
        for (String event : events) {
            Path file = Files.writeString(folder.resolve("event.json"), event);
            JsonNode epsilon = json("compose --delta 1e-5 " + file).get("epsilon");
            assertThat(epsilon.isNull()).as(event).isEqualTo(event.contains("non-private"));
        }
    }

    /** Figures that the guide prints below its commands are those that the commands print. */
    @Test
    void theGuideShowsWhatItsCommandsPrint() throws IOException {
        Path guide = Path.of(System.getProperty("sotto.root", ".."), "docs", "which-epsilon.md");
        int figures = 0;
        Matcher block = Pattern.compile("```sh\n([^`]*)```\n\n```console\n(epsilon [^`]*)```")
                .matcher(Files.readString(guide));
        while (block.find()) {
            List<String> commands = block.group(1).lines().toList();
            List<String> shown = block.group(2)
                    .lines()
                    .filter(line -> line.startsWith("epsilon"))
                    .toList();
            assertThat(shown).hasSameSizeAs(commands);
            for (int i = 0; i < shown.size(); i++) {
                String question = commands.get(i).substring("sotto privacy ".length());
                List<String> printed = ask(question).out().lines().toList();
                assertThat(printed.get(0)).isEqualTo(shown.get(i));
                if (commands.size() == 1) {
                    assertThat(printed).containsAll(block.group(2).lines().toList());
                }
                figures++;
            }
        }
        assertThat(figures).isEqualTo(17);
    }

    @Test
    void theCurveIsDrawnAsWellFormedXml() throws IOException, ParserConfigurationException, SAXException {
        Path file = folder.resolve("curve.svg");
        Sotto said = ask("curve --noise-multiplier 1 --rate 0.01 --steps 100 --out " + file);
        assertThat(said.err().lines()).containsExactly("drawn into " + file);
        assertThat(said.out()).contains("1e-12", "false alarms");
        Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(2);
        assertThat(Files.readString(file)).doesNotContain("NaN", "Infinity");
    }

    /** Exact for one Gaussian: detections are Phi(Phi^-1(false alarms) + 1/sigma) (Dong, Roth, Su 2022). */
    @ParameterizedTest
    @CsvSource({"0.1, 0.38914", "0.5, 0.84134"})
    void theCurveOfOneGaussianIsKnown(double alarms, double detections) {
        JsonNode tests = json("curve --noise-multiplier 1 --steps 1").get("tests");
        JsonNode point = tests.get((int) Math.round(alarms * 50));
        assertThat(point.get("falsePositiveRate").asDouble()).isCloseTo(alarms, within(1e-12));
        assertThat(point.get("truePositiveRate").asDouble()).isBetween(detections - 1e-5, detections + 2e-3);
    }
}
