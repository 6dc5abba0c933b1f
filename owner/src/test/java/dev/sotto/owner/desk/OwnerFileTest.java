package dev.sotto.owner.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.owner.policy.ApprovalRule;
import dev.sotto.owner.policy.OwnerPolicy;
import dev.sotto.owner.policy.RequiredLevel;
import dev.sotto.privacy.Epsilon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A node.yaml")
class OwnerFileTest {
    @TempDir
    private Path folder;

    private OwnerFile read(String yaml) throws IOException {
        return OwnerFile.read(Files.writeString(folder.resolve("node.yaml"), yaml));
    }

    @Test
    void hasDefaultsForAllButTheDataSetAndTheData() throws IOException {
        OwnerFile file = read("data-set: scans\ndata: {source: digits}\n");
        assertThat(file.dataSet()).isEqualTo("scans");
        assertThat(file.inherits()).isEmpty();
        assertThat(file.testData()).isFalse();
        assertThat(file.policy()).isEqualTo(OwnerPolicy.usual());
        assertThat(file.limits()).isEqualTo(OwnerLimits.usual());
        assertThat(file.limits().model()).isEqualTo(1L << 30);
        assertThat(file.limits().sessions()).isEqualTo(16);
    }

    @Test
    void readsEveryKey() throws IOException {
        OwnerFile file = read("""
                data-set: scans-2026
                inherits: [scans-2025, scans-2024]
                test-data: true
                data: {source: digits, train: 100}
                policy:
                  require: example
                  session-epsilon: 2
                  total: {epsilon: 8, delta: 1e-6}
                  min-examples: 50
                  coordinators: [network-1]
                  approval: automatic
                  approval-days: 7
                  progress: false
                limits: {threads: 3, memory: 1.5 GiB, model: 100MB, sessions: 2}
                """);
        assertThat(file.inherits()).containsExactly("scans-2025", "scans-2024");
        assertThat(file.testData()).isTrue();
        assertThat(file.policy())
                .isEqualTo(new OwnerPolicy(
                        RequiredLevel.EXAMPLE,
                        Optional.of(new Epsilon(2)),
                        Optional.of(TotalLimit.of(8, 1e-6)),
                        50,
                        List.of("network-1"),
                        ApprovalRule.AUTOMATIC,
                        7,
                        false));
        assertThat(file.limits()).isEqualTo(new OwnerLimits(3, 3L << 29, 100_000_000, 2));
        assertThat(OwnedExamples.load(file).examples().size()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: {source: digits} | data-set: it is required",
                "data-set: scans | data: it is required",
                "{data-set: 'my scans', data: {source: digits}} | data-set: 'my scans' is no id",
                "{data-set: a, data: {source: digit}} | data.source: 'digit' is not one of",
                "{data-set: a, data: {source: digits}, polcy: {}} | polcy: unknown key; did you mean 'policy'?",
                "{data-set: a, data: {source: digits}, limits: {memory: lots}} | limits.memory: expected a size such as 2GiB",
                "{data-set: a, data: {source: digits}, limits: {threads: 0}} | limits.threads: 0 is out of range"
            })
    void withAMistakeIsRefusedInOneLine(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("node.yaml")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
