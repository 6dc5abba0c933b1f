package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.formats.ShellWord;
import dev.sotto.simulation.sweep.SweepDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C on commands that train. */
final class InterruptionTest {
    private static final Pattern LAST = Pattern.compile("stopped after round (\\d+); go on with: sotto (.*)");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            30 | 30 | p/int     | stopped after round 30; go on with: sotto run --resume p/int
            30 | 20 | p/int     | stopped after round 30; go on after round 20, the last one saved, with: sotto run --resume p/int
            30 | 31 | p/int     | stopped after round 31; go on with: sotto run --resume p/int
            1  | 1  | my runs/a | stopped after round 1; go on with: sotto run --resume "my runs/a"
            2  | 2  | it's      | stopped after round 2; go on with: sotto run --resume "it's"
            2  | 2  | $HOME     | stopped after round 2; go on with: sotto run --resume '$HOME'
            0  | 0  | p         | stopped before a round was finished; go on with: sotto run --resume p
            0  |    | p         | stopped before a round was finished
            """)
    void itIsToldInOneLine(int told, Integer saved, Path directory, String line) {
        OptionalInt round = saved == null ? OptionalInt.empty() : OptionalInt.of(saved);
        assertThat(Interruption.run(told, round, directory)).isEqualTo(line);
    }

    /** As a terminal sends it, to a process of its own. */
    @Tag("system")
    @Timeout(300)
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aRunSaysHowItGoesOnAndDoes(String signal) throws IOException, InterruptedException {
        Path experiment = new TinyExperiment(folder).file();
        Path out = folder.resolve("cut short");
        Process process = Processes.sotto(
                folder,
                "run",
                experiment.toString(),
                "--json",
                "--out",
                out.toString(),
                "--set",
                "rounds=300",
                "--set",
                "data.train=4000");
        try {
            Path history = out.resolve("history.jsonl");
            Processes.await(() -> lines(history) >= 30, 120);
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
        assertThat(said("run-[a-z]", ".out")).isEmpty();
        List<String> told = said("run-[a-z]", ".err");
        Matcher last = LAST.matcher(told.get(told.size() - 1));
        assertThat(last.matches()).as(told.toString()).isTrue();
        assertThat(last.group(2)).isEqualTo("run --resume " + ShellWord.of(out));

        // One more may have been saved between the line and the end of the process.
        int round = Integer.parseInt(last.group(1));
        Process resumed = Processes.sotto(folder, "run", "--resume", out.toString(), "--json");
        assertThat(resumed.waitFor(200, TimeUnit.SECONDS)).isTrue();
        List<String> toItsEnd = said("run---resume", ".err");
        assertThat(resumed.exitValue()).as(toItsEnd.toString()).isZero();
        assertThat(toItsEnd)
                .anyMatch(line -> line.matches("going on after round (" + round + "|" + (round + 1) + ")\\b.*"))
                .noneMatch(line -> line.startsWith("stopped"));
        assertThat(said("run---resume", ".out")).hasSize(1);
    }

    @Test
    void aSweepThatHasNotBegunHasNothingToGoOnWith() throws IOException {
        assertThat(Interruption.sweep(0, 4, folder)).isEqualTo("stopped after 0 of 4 runs");
        Files.writeString(folder.resolve(SweepDirectory.DEFINITION), "{}");
        assertThat(Interruption.sweep(1, 4, folder))
                .isEqualTo("stopped after 1 of 4 runs; go on with: sotto sweep --resume " + ShellWord.of(folder));
    }

    @Tag("system")
    @Timeout(300)
    @Test
    void aSweepSaysHowItGoesOnAndDoes() throws IOException, InterruptedException {
        Path experiment = new TinyExperiment(folder).file();
        Path out = folder.resolve("sweep");
        Process process = Processes.sotto(
                folder,
                "sweep",
                experiment.toString(),
                "--vary",
                "rounds=2,100000",
                "--workers",
                "1",
                "--out",
                out + "");
        try {
            Path second = out.resolve("cells").resolve("rounds-100000").resolve("history.jsonl");
            Processes.await(() -> lines(second) >= 3, 120);
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(130);
        List<String> told = said("sweep-", ".err");
        assertThat(told.get(told.size() - 1))
                .isEqualTo("stopped after 1 of 2 runs; go on with: sotto sweep --resume " + ShellWord.of(out));
        assertThat(new SweepDirectory(out).grid().axes()).hasSize(1);
    }

    /** Starts a command, interrupts it once it has said that, and gives what it said. */
    private List<String> interrupted(String word, String... arguments) throws IOException, InterruptedException {
        Process process = Processes.sotto(folder, arguments);
        Path err = folder.resolve(arguments[0] + "-" + arguments[1].replaceAll("[^A-Za-z0-9-]", "") + ".err");
        try {
            Processes.await(() -> lines(err, word) > 0, 120);
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(130);
        return Files.readAllLines(err);
    }

    @Tag("system")
    @Timeout(300)
    @Test
    void aComparisonSaysThatNothingIsKept() throws IOException, InterruptedException {
        String experiment = new TinyExperiment(folder).file().toString();
        assertThat(interrupted("training:", "compare", experiment, "--set", "rounds=100000"))
                .last()
                .asString()
                .matches(
                        "stopped while training: only client-0, learning rate .*; nothing is kept, and the same command"
                                + " begins again");
    }

    @Tag("system")
    @Timeout(300)
    @Test
    void aQuickstartSaysThatNothingIsKept() throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        assertThat(interrupted("has joined", "quickstart", "--examples", "2000", "--out", out.toString()))
                .last()
                .isEqualTo(Interruption.QUICKSTART);
        assertThat(out).doesNotExist();
    }

    private static int lines(Path file, String word) {
        try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
            return (int) lines.filter(line -> line.contains(word)).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static int lines(Path file) {
        try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
            return (int) lines.count();
        } catch (IOException e) {
            return 0;
        }
    }

    private List<String> said(String prefix, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.filter(path -> path.getFileName().toString().matches(prefix + ".*\\" + suffix))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(file);
        }
    }
}
