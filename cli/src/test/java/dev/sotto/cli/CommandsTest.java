package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands, their help, and what they answer to slips of the hand. */
final class CommandsTest {
    @TempDir
    private Path folder;

    static Stream<String> commands() {
        List<String> names = new ArrayList<>();
        collect(Main.commandLine(), "", names);
        return names.stream();
    }

    private static void collect(CommandLine command, String path, List<String> names) {
        names.add(path);
        command.getSubcommands().forEach((name, below) -> collect(below, (path + " " + name).trim(), names));
    }

    private static String[] words(String command, String more) {
        return (command + " " + more).trim().split(" ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsAScreenOfEightyColumnsAndNoLineIsCutShort(String command) {
        Sotto said = Sotto.run(words(command, "--help"));
        assertThat(said.status()).isZero();
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).startsWith("Usage: sotto " + command).doesNotContain("null");
        assertThat(said.out().lines()).allMatch(line -> line.length() <= 80, "at most 80 columns");
        // A footer is written for eighty columns: broken by picocli, an example would not be indented.
        List<String> footer = said.out()
                .substring(said.out().indexOf("-V, --version"))
                .lines()
                .toList();
        int example = footer.indexOf("Examples:") < 0 ? footer.indexOf("Example:") : footer.indexOf("Examples:");
        if (example >= 0) {
            assertThat(footer.stream().skip(example + 1L).takeWhile(line -> !line.isBlank()))
                    .allMatch(line -> line.startsWith("  "), "indented");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void proseBelowTheOptionsLeavesNoWordOnALineOfItsOwn(String command) {
        String help = Sotto.run(words(command, "--help")).out();
        List<String> below =
                help.substring(help.indexOf("-V, --version")).lines().skip(1).toList();
        for (int i = 1; i < below.size(); i++) {
            String line = below.get(i - 1);
            String next = below.get(i);
            if (!line.isBlank()
                    && !line.endsWith(":")
                    && !next.isBlank()
                    && !line.startsWith(" ")
                    && !next.startsWith(" ")) {
                assertThat(line.length() + 1 + (next + " ").indexOf(" "))
                        .as(line + "\n" + next)
                        .isGreaterThan(80);
            }
        }
    }

    @Test
    void noCommandHasTheFooterOfAnother() {
        Map<List<String>, String> footers = new HashMap<>();
        for (String command : commands().toList()) {
            CommandLine found = Main.commandLine();
            for (String word : command.isEmpty() ? List.<String>of() : List.of(command.split(" ", -1))) {
                found = found.getSubcommands().get(word);
            }
            List<String> footer = List.of(found.getCommandSpec().usageMessage().footer());
            String other = footer.isEmpty() ? null : footers.put(footer, command);
            assertThat(other).as("the footer of 'sotto " + command + "'").isNull();
        }
        assertThat(Sotto.run("--help").out()).contains("Start here:");
    }

    @ParameterizedTest
    @MethodSource("groups")
    void aGroupWithoutItsCommandIsWrongUsage(String group) {
        Sotto said = Sotto.run(words(group, ""));
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.out()).isEmpty();
        assertThat(said.err().lines()).singleElement().asString().startsWith("sotto: a command is missing: one of ");
        assertThat(said.err()).contains("see 'sotto " + group + " --help'");
    }

    static Stream<String> groups() {
        return Main.commandLine().getSubcommands().entrySet().stream()
                .filter(command -> !command.getValue().getSubcommands().isEmpty())
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandKnowsItsVersion(String command) {
        assertThat(Sotto.run(words(command, "--version")).out()).startsWith("sotto 0.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            rn                  | unknown command 'rn'; did you mean 'run'?; see 'sotto --help'
            compere             | unknown command 'compere'; did you mean 'compare'?; see 'sotto --help'
            run --seeed 3       | unknown option '--seeed'; did you mean '--seed'?; see 'sotto run --help'
            run --seed abc      | Invalid value for option '--seed': 'abc' is not a whole number; see 'sotto run --help'
            run a.yaml b.yaml   | unexpected argument 'b.yaml'; see 'sotto run --help'
            model inspekt x.npz | unknown command 'inspekt'; did you mean 'inspect'?; see 'sotto model --help'
            simulate x.yaml     | unknown command 'simulate'; did you mean 'sotto run'?; see 'sotto --help'
            new my-app          | unknown command 'new'; did you mean 'sotto init'?; see 'sotto --help'
            client start        | unknown command 'start'; did you mean 'sotto node start'?; see 'sotto client --help'
            model show x.npz    | unknown command 'show'; did you mean 'sotto model inspect'?; see 'sotto model --help'
            datasite start      | unknown command 'start'; did you mean 'sotto datasite run'?; see 'sotto datasite --help'
            package create --path client | unknown option '--path'; the experiment is given by its place: 'sotto package create EXPERIMENT.yaml'; see 'sotto package create --help'
            package create --path=client e.yaml | unknown option '--path=client'; the experiment is given by its place: 'sotto package create EXPERIMENT.yaml'; see 'sotto package create --help'
            run build           | build: there is no such file; did you mean 'sotto model seed'?
            """)
    void slipsAreAnsweredInOneLine(String command, String answer) {
        Sotto said = Sotto.run(command.split(" "));
        assertThat(said.err().lines()).containsExactly("sotto: " + answer);
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void aNameThatNoFileMayHaveIsAnsweredInWords() {
        Sotto said = Sotto.run("run", "a\0b.yaml");
        assertThat(said.err().lines())
                .containsExactly(
                        "sotto: Invalid value for positional parameter at index 0 (EXPERIMENT.yaml): 'a?b.yaml'"
                                + " cannot be the name of a file: it holds a character that no name may have; see 'sotto run --help'");
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThatThrownBy(() -> Main.path("\0", "ANSI_X3.4-1968"))
                .hasMessage("'?' cannot be the name of a file: names of files are ANSI_X3.4-1968 in this locale; start"
                        + " Sotto with LC_ALL=C.UTF-8");
    }

    @Test
    void aWordLikeNoCommandAndNoWordAtAllAreAnsweredWithAllCommands() {
        String all = String.join(
                ", ", new TreeSet<>(Main.commandLine().getSubcommands().keySet()));
        assertThat(all).contains("compare, ", "init, ", "model, ", "run");
        Sotto strange = Sotto.run("frobnicate");
        assertThat(strange.err().lines())
                .containsExactly("sotto: unknown command 'frobnicate'; valid: " + all + "; see 'sotto --help'");
        Sotto none = Sotto.run();
        assertThat(none.err().lines())
                .containsExactly("sotto: a command is missing: one of " + all + "; see 'sotto --help'");
        assertThat(List.of(strange.status(), none.status())).containsOnly(Failures.USAGE);
    }

    @Test
    void initWritesAnExperimentThatRuns() throws IOException {
        Path file = folder.resolve("mine.yaml");
        Sotto said = Sotto.run("init", file.toString());
        assertThat(said.status()).isZero();
        assertThat(said.out()).contains("wrote " + file, "sotto run " + file);
        assertThat(Files.readString(file)).contains("epsilon: 3");
        Sotto run = Sotto.run(Sotto.with(
                List.of("run", file.toString(), "--out", folder.resolve("run").toString()),
                "rounds=1",
                "data.train=16",
                "data.test=8",
                "data.clients=1",
                "client.batch-size=4",
                "model=logistic"));
        assertThat(run.status()).as(run.err()).isZero();
    }

    @Test
    void initOverwritesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "precious");
        Sotto said = Sotto.run("init", file.toString());
        assertThat(said.err().lines()).containsExactly("sotto: " + file + ": it is there already; name another file");
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(file).hasContent("precious");
    }

    @Test
    void initNeedsAFolderThatIsThere() {
        Sotto said = Sotto.run("init", folder.resolve("no/mine.yaml").toString());
        assertThat(said.err().lines())
                .containsExactly(
                        "sotto: " + folder.resolve("no/mine.yaml") + ": it cannot be written: there is no folder "
                                + folder.resolve("no") + "; make it, or name another");
        assertThat(said.status()).isEqualTo(Failures.USAGE);
    }

    @Test
    void comparePrintsARowForEachWayOfTraining() {
        TinyExperiment tiny = new TinyExperiment(folder);
        Sotto said = Sotto.run("compare", tiny.file().toString());
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out().lines().map(line -> line.replaceFirst("  +.*", "")))
                .containsExactly(
                        "trained on",
                        "only client-0",
                        "only client-1",
                        "federated",
                        "federated, private",
                        "rows without an epsilon have no guarantee: they are exact results on protected data",
                        "rates: the experiment's where gradients are clipped; else 1, 0.3 or 0.1 times that, by training loss");
        assertThat(said.out().lines().limit(5)).allMatch(line -> line.length() <= 80);
        assertThat(Sotto.run("compare", tiny.file().toString(), "--own-rate").out())
                .doesNotContain("rates:");
        assertThat(Sotto.run("compare", tiny.file().toString(), "--set", "privacy=null")
                        .out())
                .doesNotContain("guarantee", "rates:");
        Sotto json = Sotto.run("compare", tiny.file().toString(), "--json", "--set", "privacy=null");
        assertThat(json.out().lines()).hasSize(1);
        assertThat(json.json().get("rows")).hasSize(3);
        assertThat(json.json().get("rows").get(2).get("epsilon").isNull()).isTrue();
        assertThat(json.json().get("rows").get(2).get("learningRate").asDouble())
                .isPositive();
    }

    @Test
    void compareNeedsTestData() {
        TinyExperiment tiny = new TinyExperiment(folder);
        Sotto said = Sotto.run("compare", tiny.file().toString(), "--set", "data.test=0");
        assertThat(said.errors()).singleElement().asString().contains("no central test data");
        assertThat(said.status()).isEqualTo(Failures.USAGE);
    }

    @Test
    void inspectReadsWhatARunWrote() {
        TinyExperiment tiny = new TinyExperiment(folder);
        tiny.run();
        Path model = tiny.runs().resolve("model.safetensors");
        assertThat(Sotto.run("model", "inspect", model.toString()).status()).isZero();
        assertThat(Sotto.run("model", "inspect", model.toString(), "--json")
                        .json()
                        .isObject())
                .isTrue();
        Sotto missing = Sotto.run("model", "inspect", folder.resolve("no.npz").toString());
        assertThat(missing.err().lines()).singleElement().asString().contains("no.npz: no such file");
        assertThat(missing.status()).isEqualTo(Failures.USAGE);
    }
}
