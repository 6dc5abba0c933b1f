package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
@DisplayName("A model of 1 GiB")
class BigTransferTest {
    @TempDir
    Path folder;

    private String run(String direction, String... heap) throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(heap));
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=64m",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sotto.coordinator.network.BigTransfer",
                direction,
                folder.resolve("run").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(9, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return java.nio.file.Files.readString(output);
    }

    @Test
    void isDownloadedWithCoordinatorAndNodeInOneHeapOf96MiB() throws Exception {
        assertThat(run("down", "-Xmx96m")).contains("downloaded 1073741824");
    }

    @Test
    void isDeliveredWithNoMoreInTheHeapThanTheCoordinatorsModelAndOneUpdate() throws Exception {
        assertThat(run("up", "-Xmx2240m", "-Xmn64m")).contains("delivered true 1073741824");
    }
}
