package dev.sotto.folders.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.Email;
import dev.sotto.folders.LaunchRules;
import dev.sotto.formats.TorchExamples;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.policy.OwnerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of a datasite: their defaults, each of them with another value, and what is refused. */
final class DatasiteFileTest {
    private static final String LEAST = """
            email: Owner@Hospital.org
            data-dir: data
            """;
    private static final String FULL = """
            email: owner@hospital.org
            data-dir: data
            synced: shared
            folder: api_data
            port: 8081
            poll: 2s
            approve-by-move: synced
            launch-by-move: synced
            aggregator: {min-clients: 3, gather-timeout: 2d, round-timeout: 5m, enough: 4}
            data-set: digits
            test-data: true
            data: {source: pt, path: mine}
            policy: {require: client, min-examples: 7}
            limits: {threads: 1}
            """;

    @TempDir
    Path folder;

    private DatasiteFile read(String yaml) throws IOException {
        return DatasiteFile.read(Files.writeString(folder.resolve("datasite.yaml"), yaml));
    }

    private void refused(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(folder + "/datasite.yaml: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void defaults() throws IOException {
        DatasiteFile read = read(LEAST);
        assertThat(read.email()).isEqualTo(Email.of("owner@hospital.org"));
        assertThat(read.dataDir()).isEqualTo(folder.resolve("data"));
        assertThat(read.synced()).isEmpty();
        assertThat(read.folder()).isEqualTo("app_data");
        assertThat(read.port()).isEmpty();
        assertThat(read.settings()).isEqualTo(DatasiteSettings.usual());
        assertThat(read.rules()).isEqualTo(LaunchRules.usual(2));
        assertThat(read.owner()).isEmpty();
        assertThat(new OfferedData(read).load()).isEmpty();
    }

    @Test
    void everyKeyCounts() throws IOException {
        DatasiteFile read = read(FULL);
        assertThat(read.synced()).contains(folder.resolve("shared"));
        assertThat(read.folder()).isEqualTo("api_data");
        assertThat(read.port()).contains(8081);
        assertThat(read.settings())
                .isEqualTo(new DatasiteSettings(Duration.ofSeconds(2), true, true, OptionalLong.empty()));
        assertThat(read.rules()).isEqualTo(new LaunchRules(3, Duration.ofDays(2), Duration.ofMinutes(5), 4));
        assertThat(read.owner().orElseThrow().dataSet()).isEqualTo("digits");
        assertThat(read.owner().orElseThrow().policy().minExamples()).isEqualTo(7);
        assertThat(read.owner().orElseThrow().limits().threads()).isEqualTo(1);
        assertThat(read.seeded(5).settings().testSeed()).hasValue(5);
    }

    @Test
    void dataMayComeLater() throws IOException {
        OfferedData data = new OfferedData(read(FULL));
        assertThat(data.load()).isEmpty();
        Path mine = Files.createDirectory(folder.resolve("mine"));
        Files.createDirectory(mine.resolve("request"));
        assertThat(data.load()).isEmpty();
        new TorchExamples(List.of(2, 1, 2, 2), new float[8], new int[] {0, 1}, false)
                .write(mine.resolve("mnist_label_0.pt"));
        assertThat(data.load().orElseThrow().examples().size()).isEqualTo(2);
    }

    @Test
    void aSeedNeedsDataThatIsNobodys() throws IOException {
        DatasiteFile file = read(FULL.replace("test-data: true", "test-data: false"));
        assertThatThrownBy(() -> file.seeded(5))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test-data: it must be true with --insecure-test-seed");
    }

    @Test
    void theFileToBeginWithIsWhatItSays() throws IOException {
        Path file = folder.resolve("datasite.yaml");
        Path data = folder.resolve("a folder: \"quoted\"");
        DatasiteFile.write(
                file, Email.of("a@b.org"), data, Optional.of(folder.resolve("s")), "api_data", Optional.of(1));
        DatasiteFile read = DatasiteFile.read(file);
        assertThat(read.email().text()).isEqualTo("a@b.org");
        assertThat(read.dataDir()).isEqualTo(data);
        assertThat(read.synced()).contains(folder.resolve("s"));
        assertThat(read.folder()).isEqualTo("api_data");
        assertThat(read.port()).contains(1);
        assertThat(read.rules()).isEqualTo(LaunchRules.usual(2));
        assertThat(read.awaited()).contains(data.resolve("private/fl_client"));
        OwnerPolicy policy = read.owner().orElseThrow().policy();
        assertThat(policy.sessionEpsilon().orElseThrow().value()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            email: owner@hospital.org | email: nobody              | email: 'nobody' is no email address
            email: owner@hospital.org | e-mail: owner@hospital.org | email: it is required
            folder: api_data          | folder: data               | folder: 'data' is not one of app_data, api_data
            poll: 2s                  | poll: 1ms                  | poll: poll is 1 ms; it must be 10 milliseconds
            poll: 2s                  | poll: often                | poll: expected a time such as 30s
            poll: 2s                  | quorum: 2                  | quorum: unknown key; did you mean 'aggregator.min-clients'?
            poll: 2s                  | pol: 2s                    | pol: unknown key; did you mean 'poll'?
            port: 8081                | port: 70000                | port: 70000 is out of range
            approve-by-move: synced   | approve-by-move: yes       | approve-by-move: 'yes' is not one of private, synced
            min-clients: 3            | min-client: 3              | aggregator.min-client: unknown key; did you mean 'min-clients'?
            enough: 4                 | enough: 2                  | aggregator: enough is 2, but a round needs 3
            data: {source: pt, path: mine} | mock: {source: digits} | data-set: it says what goes for data that is offered
            """)
    void whatCannotBeIsSaidInOneLine(String before, String after, String message) {
        refused(FULL.replace(before, after), message);
    }

    @Test
    void theirEnvironmentFile() throws IOException {
        Path file = Files.writeString(folder.resolve(".env"), """
                # SyftBox
                EMAIL=user@openmined.org
                export DATA_DIR="./data"   # here
                CONFIG_PATH='conf/config.json'
                PORT=8082

                OTHER=1
                """);
        DotEnv read = DotEnv.in(folder);
        assertThat(read.email()).contains("user@openmined.org");
        assertThat(read.dataDir()).contains(folder.resolve("data"));
        assertThat(read.config()).contains(folder.resolve("conf/config.json"));
        assertThat(read.port()).contains(8082);
        assertThat(DotEnv.in(folder.resolve("elsewhere")).email()).isEmpty();
        envRefused(file, "EMAIL\n", ": line 1: expected NAME=value");
        envRefused(file, "E_MAIL=x\n", ": E_MAIL: unknown name; did you mean 'EMAIL'?");
        Files.writeString(file, "PORT=x");
        assertThatThrownBy(() -> DotEnv.read(file).port())
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": PORT: 'x' is no port; it must be 0 to 65535");
    }

    private static void envRefused(Path file, String text, String message) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> DotEnv.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + message);
    }
}
