package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher at the root of a fresh copy of the sources, in processes of its own. */
@Tag("system")
final class LauncherTest {
    private static final Path ROOT =
            Path.of(System.getProperty("sotto.root", "..")).toAbsolutePath().normalize();
    /** What a script needs besides Java and Maven. */
    private static final List<String> TOOLS =
            List.of("bash", "env", "readlink", "dirname", "find", "cat", "grep", "tail", "mktemp", "touch", "rm");

    /** Built in by the launcher itself, once, and apart from the build that runs this test. */
    @TempDir
    private static Path fresh;

    @TempDir
    private Path folder;

    private TinyExperiment tiny;

    @BeforeAll
    static void copySources() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT, 1)) {
            for (Path top : all.filter(path -> !path.equals(ROOT)).toList()) {
                if (List.of("sotto", "pom.xml", ".mvn")
                        .contains(top.getFileName().toString())) {
                    copy(top);
                } else if (Files.exists(top.resolve("pom.xml"))) {
                    copy(top.resolve("pom.xml"));
                    copy(top.resolve("src/main"));
                }
            }
        }
    }

    private static void copy(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = fresh.resolve(ROOT.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @BeforeEach
    void write() {
        tiny = new TinyExperiment(folder);
    }

    private Sotto launch(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        Process process = builder.start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        return new Sotto(process.exitValue(), Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
    }

    /** A folder to use as PATH that has everything but what is left out. */
    private Path tools() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            List<Path> found = Stream.of("/bin", "/usr/bin")
                    .map(directory -> Path.of(directory, tool))
                    .filter(Files::isExecutable)
                    .toList();
            forward(bin.resolve(tool), found.get(0));
        }
        return bin;
    }

    private static void forward(Path name, Path to) throws IOException {
        Files.writeString(name, "#!/bin/sh\nexec " + to + " \"$@\"\n");
        assertThat(name.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void itRunsFromAnotherDirectoryThroughASymlink() throws IOException, InterruptedException {
        Path first = Files.createSymbolicLink(folder.resolve("first"), fresh.resolve("sotto"));
        Path link = Files.createSymbolicLink(folder.resolve("sotto-link"), first.getFileName());
        Sotto said = launch(link, Map.of(), "run", "tiny.yaml", "--out", "run", "--json");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out().lines()).hasSize(1);
        assertThat(said.json().get("rounds").intValue()).isEqualTo(2);
        assertThat(said.err()).doesNotContain("incubator");
        assertThat(folder.resolve("run/report.html")).exists();
    }

    /** A launcher that needs no building, with a Java that tells what it was started with. */
    private Path withJava(String script) throws IOException {
        Path root = Files.createDirectories(folder.resolve("told"));
        Files.createDirectories(root.resolve("cli/target"));
        Files.createFile(root.resolve("cli/target/built"));
        Path java = Files.createDirectories(root.resolve("home/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return Files.copy(ROOT.resolve("sotto"), root.resolve("sotto"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''    | ''         | ''          | C.UTF-8
            C     | ''         | en_US.UTF-8 | C.UTF-8
            POSIX | C.UTF-8    | ''          | C.UTF-8
            ''    | C          | C.UTF-8     | C.UTF-8
            ''    | ''         | xx_XX.UTF-8 | C.UTF-8
            ''    | ''         | C.UTF-8     | ''
            ''    | C.UTF-8    | C           | ''
            """)
    void inALocaleWithoutLettersJavaIsGivenOneWithAll(String all, String type, String language, String given)
            throws IOException, InterruptedException {
        Path launcher = withJava("echo \"[$LC_ALL]\"");
        String home = launcher.resolveSibling("home").toString();
        Sotto said = launch(
                launcher, Map.of("JAVA_HOME", home, "LC_ALL", all, "LC_CTYPE", type, "LANG", language), "--help");
        assertThat(said.out()).isEqualToIgnoringNewLines("[" + given + "]");
        assertThat(said.err()).isEmpty();
    }

    @Test
    void javaMayLoadTheLibrariesOfDriversFromTheStart() throws IOException, InterruptedException {
        Path launcher = withJava("printf '%s\\n' \"$@\"");
        String home = launcher.resolveSibling("home").toString();
        Sotto said = launch(launcher, Map.of("JAVA_HOME", home), "--help");
        assertThat(said.out().lines())
                .containsSubsequence("--enable-native-access=ALL-UNNAMED", Main.class.getName(), "--help");
    }

    @Test
    void noJavaWarnsOfTheDatabasesLibrary() throws IOException, InterruptedException {
        Sotto said =
                launch(fresh.resolve("sotto"), Map.of(), "coordinator", "init", "--home", "home", "--port", "7443");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.err()).doesNotContain("WARNING");
        assertThat(folder.resolve("home/coordinator.yaml")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", ""})
    void namesOutsideAsciiAreReadInEveryLocale(String locale) throws IOException, InterruptedException {
        Files.copy(tiny.file(), folder.resolve("mein experiment \u00fc.yaml"));
        Sotto said = launch(
                fresh.resolve("sotto"),
                Map.of("LC_ALL", locale, "LC_CTYPE", "", "LANG", ""),
                "run",
                "mein experiment \u00fc.yaml",
                "--out",
                "l\u00e4ufe",
                "--json");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(folder.resolve("l\u00e4ufe/report.html")).exists();
    }

    @Test
    void exitStatusAndTheOneLineComeThrough() throws IOException, InterruptedException {
        Sotto said = launch(fresh.resolve("sotto"), Map.of(), "run", tiny.file().toString(), "--set", "rouns=3");
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.last()).endsWith("rouns: unknown key; did you mean 'rounds'?");
        assertThat(said.out()).isEmpty();
    }

    @Test
    void aRunThatIsKilledGoesOnToTheSameBytes() throws IOException, InterruptedException {
        String launcher = fresh.resolve("sotto").toString();
        List<String> run =
                List.of("run", "tiny.yaml", "--seed", "5", "--set", "rounds=400", "--set", "data.train=4000");
        assertThat(launch(run, "whole").status()).isZero();
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(run);
        command.addAll(List.of("--out", "cut"));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed").toFile())
                .start();
        Path history = folder.resolve("cut/history.jsonl");
        while (process.isAlive() && (!Files.exists(history) || Files.size(history) < 40_000)) {
            Thread.sleep(5);
        }
        // SIGKILL, to the virtual machine itself: the launcher became it.
        process.destroyForcibly().waitFor();
        assertThat(folder.resolve("cut/result.json")).doesNotExist();
        Sotto resumed = launch(fresh.resolve("sotto"), Map.of(), "run", "--resume", "cut", "--json");
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on after round ");
        assertThat(folder.resolve("cut/model.npz")).hasSameBinaryContentAs(folder.resolve("whole/model.npz"));
        assertThat(withoutSeconds(history)).isEqualTo(withoutSeconds(folder.resolve("whole/history.jsonl")));
        assertThat(folder.resolve("cut/privacy.json")).hasSameTextualContentAs(folder.resolve("whole/privacy.json"));
    }

    private Sotto launch(List<String> run, String out) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(run);
        all.addAll(List.of("--out", out));
        return launch(fresh.resolve("sotto"), Map.of(), all.toArray(String[]::new));
    }

    private static List<String> withoutSeconds(Path history) throws IOException {
        return Files.readAllLines(history).stream()
                .map(line -> line.replaceFirst("\"seconds\":[^,]+,", ""))
                .toList();
    }

    @Test
    void withoutJavaItSaysWhatToInstall() throws IOException, InterruptedException {
        Sotto said = launch(fresh.resolve("sotto"), Map.of("PATH", tools().toString(), "JAVA_HOME", ""), "--help");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err().lines())
                .singleElement()
                .asString()
                .startsWith("sotto: Java is missing: install a JDK, version 17 or later");
    }

    @Test
    void withoutMavenItSaysWhatToInstallIfItMustBuild() throws IOException, InterruptedException {
        Path unbuilt = Files.createDirectories(folder.resolve("unbuilt"));
        Path launcher =
                Files.copy(fresh.resolve("sotto"), unbuilt.resolve("sotto"), StandardCopyOption.COPY_ATTRIBUTES);
        Path bin = tools();
        forward(bin.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));
        Sotto said = launch(launcher, Map.of("PATH", bin.toString(), "JAVA_HOME", ""), "--help");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err().lines())
                .singleElement()
                .asString()
                .startsWith("sotto: Maven is missing: install it, version 3.8 or later");
    }
}
