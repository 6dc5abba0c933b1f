package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.owner.request.Odds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the documentation shows works. Blocks marked {@code sh} are commands, and run here in order, each page in a folder of
 * its own, on less data; blocks marked {@code console} are shown only.
 */
final class DocumentationTest {
    private static final Path ROOT =
            Path.of(System.getProperty("sotto.root", "..")).toAbsolutePath().normalize();
    private static final Path OWNERS = Path.of("docs", "for-data-owners.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    /** Enough of an experiment to see that its command works. */
    private static final List<String> SMALL = List.of(
            "model=logistic",
            "rounds=1",
            "data.train=80",
            "data.test=20",
            "client.batch-size=8",
            "client.physical-batch-size=8");

    @TempDir
    private Path folder;

    /** What stands for an owner's requests. */
    private final Map<String, String> requests = new HashMap<>();

    private int runs;

    static Stream<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages.stream();
    }

    private static List<String> blocks(Path page, String language) throws IOException {
        Matcher matcher = BLOCK.matcher(Files.readString(page));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            if (matcher.group(1).equals(language)) {
                blocks.add(matcher.group(2));
            }
        }
        return blocks;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsWork(Path page) throws IOException {
        if (page.endsWith(OWNERS)) {
            AskedOwner owner = new AskedOwner(folder);
            requests.put("REQUEST", owner.asks("s-17", AskedOwner.TERMS).shortId());
            requests.put(
                    "OTHER",
                    owner.asks("s-18", AskedOwner.TERMS.replace("rounds: 10", "rounds: 20"))
                            .shortId());
        }
        for (String block : blocks(page, "sh")) {
            for (String line : block.lines().filter(line -> !line.isBlank()).toList()) {
                Sotto said = Sotto.run(arguments(line));
                assertThat(said.status())
                        .as(page.getFileName() + ": " + line + "\n" + said.err())
                        .isZero();
            }
        }
    }

    /** The words of a command line: files of ours are in the test's folder, and training is cut short. */
    private String[] arguments(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        assertThat(words.remove(0)).as(line).isIn("sotto", "./sotto");
        String command = words.get(0);
        words.replaceAll(
                word -> word.startsWith("runs/") || word.matches("[a-z-]+\\.(yaml|svg|json|npz|safetensors|zip|pem)")
                        ? folder.resolve(word).toString()
                        : word);
        words.replaceAll(word -> requests.getOrDefault(word, word));
        if (!requests.isEmpty() && List.of("request", "ledger").contains(command)) {
            words.addAll(List.of("--home", folder.resolve("node").toString()));
        }
        if (command.equals("run") && !words.contains("--out") && !words.contains("--resume")) {
            words.addAll(List.of("--out", folder.resolve("out-" + ++runs).toString()));
        }
        if (List.of("run", "compare", "sweep").contains(command) && !words.contains("--resume")) {
            return Sotto.with(words, SMALL.toArray(String[]::new));
        }
        return words.toArray(String[]::new);
    }

    @Test
    void eventsOnShowCompose() throws IOException {
        List<String> shown = blocks(ROOT.resolve("docs/which-epsilon.md"), "json");
        assertThat(shown).isNotEmpty();
        for (String events : shown) {
            Path file = Files.writeString(folder.resolve("events.json"), events);
            Sotto said = Sotto.run("privacy", "compose", file.toString(), "--delta", "1e-5", "--json");
            assertThat(said.status()).as(said.err()).isZero();
            assertThat(said.json().get("epsilon").doubleValue()).isBetween(1.5, 10.0);
        }
    }

    @Test
    void theFileOnTheOwnersPageIsRead() throws IOException {
        List<String> shown = blocks(ROOT.resolve(OWNERS), "yaml");
        assertThat(shown).hasSize(1);
        Path file = Files.writeString(folder.resolve("node.yaml"), shown.get(0));
        Sotto said = Sotto.run("node", "check", "--data", file.toString());
        assertThat(said.status()).as(said.err()).isZero();
    }

    @Test
    void theRequestOnTheOwnersPageIsWhatTheCommandShows() throws IOException {
        String id = new AskedOwner(folder).asks("s-17", AskedOwner.TERMS).id();
        Sotto said = Sotto.run(
                "request", "show", id, "--home", folder.resolve("node").toString());
        String text = said.out().replace(System.lineSeparator(), "\n");
        // Ids, keys and times are others each time.
        String words = text.substring(text.indexOf("What would be computed"));
        assertThat(Files.readString(ROOT.resolve(OWNERS))).contains(words);
    }

    @Test
    void theOddsOnTheOwnersPageAreThoseOfEpsilon() throws IOException {
        Matcher row = Pattern.compile("(?m)^\\| ([0-9.]+) \\| ([^|]+) \\| ([0-9.,]+ to 1) \\|")
                .matcher(Files.readString(ROOT.resolve(OWNERS)));
        int rows = 0;
        while (row.find()) {
            Odds odds = Odds.of(Double.parseDouble(row.group(1)), 1e-5);
            assertThat(odds.words()).isIn(row.group(2), row.group(2) + " times in 100");
            assertThat(odds.ratio()).isEqualTo(row.group(3));
            rows++;
        }
        assertThat(rows).isEqualTo(7);
    }

    @Test
    void theRunInTheReadmeLooksAsARunDoes() throws IOException {
        String shown = blocks(ROOT.resolve("README.md"), "console").stream()
                .filter(block -> block.startsWith("digits: "))
                .findFirst()
                .orElseThrow();
        List<String> settings = new ArrayList<>(SMALL);
        // README leaves out all rounds but the first and the last.
        settings.replaceAll(setting -> setting.equals("rounds=1") ? "rounds=2" : setting);
        Sotto said = Sotto.run(Sotto.with(
                List.of("run", "--out", folder.resolve("shown").toString()), settings.toArray(String[]::new)));
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(shape(shown)).isEqualTo(shape(said.err() + said.out()));
    }

    /** Its lines without figures, units of time, names of models and engines, and places. */
    private static List<String> shape(String text) {
        return text.lines()
                // On a machine that is busy with other things calibrating the noise may take long enough to be told.
                .filter(line -> !line.equals("...") && !line.startsWith("calibrating"))
                .map(line -> line.replaceFirst("^(model|report) .*", "$1")
                        .replaceAll("\\(\\S+ (s|min|h) left\\)", "(left)")
                        .replaceAll("\\S+ (s|min|h)\\b", "time")
                        .replaceAll("\\S*\\d\\S*", "#")
                        .replaceAll(" +", " ")
                        .strip())
                .toList();
    }

    @Test
    void theSampleInTheReadmeIsTheTestedOne() throws IOException {
        Path source = ROOT.resolve("simulation/src/test/java/dev/sotto/simulation/samples/QuickStartSample.java");
        String sample = Files.readString(source).replaceFirst("package .*;\\s+", "");
        assertThat(blocks(ROOT.resolve("README.md"), "java")).containsExactly(sample);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) throws IOException {
        Matcher link = LINK.matcher(Files.readString(page));
        List<String> broken = new ArrayList<>();
        while (link.find()) {
            if (!Files.exists(page.resolveSibling(link.group(1)))) {
                broken.add(link.group(1));
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyCommandOnShowExists() throws IOException {
        for (Path page : pages().toList()) {
            for (String block : blocks(page, "console")) {
                List<String> words = block.lines()
                        .filter(line -> line.startsWith("./sotto "))
                        .map(line -> line.replaceFirst("^./sotto (\\S+).*$", "$1"))
                        .toList();
                assertThat(Main.commandLine().getSubcommands().keySet()).containsAll(words);
            }
        }
        assertThat(Arrays.asList("run", "compare", "init"))
                .isSubsetOf(Main.commandLine().getSubcommands().keySet());
    }
}
