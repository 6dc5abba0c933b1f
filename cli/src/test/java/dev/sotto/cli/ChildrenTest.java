package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that a command starts. */
@Tag("system")
final class ChildrenTest {
    @TempDir
    private Path folder;

    @Test
    void theyGetTheFlagsOfThisJavaButForItsMemoryAndProperties() {
        List<String> flags = List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseParallelGC",
                "-Xshare:auto");
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of("-Xmx3g", "-Dsotto.terminal=true"));
        assertThat(Children.handedOn(all)).isEqualTo(flags);
    }

    @Test
    void whatTheyLogAsTheirLastWordIsTheirOwn() throws IOException, InterruptedException {
        assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments())
                .as("flags of tests, as the launcher's")
                .contains("--enable-native-access=ALL-UNNAMED");
        try (Children children = new Children(folder, "256m", () -> {})) {
            children.run(
                    "coordinator",
                    "coordinator",
                    "init",
                    "--home",
                    folder.resolve("home").toString(),
                    "--port",
                    "7443");
        }
        assertThat(Files.readAllLines(folder.resolve("coordinator.log")))
                .allMatch(line -> line.startsWith("WARNING: Using incubator modules") || !line.startsWith("WARNING"));
    }
}
