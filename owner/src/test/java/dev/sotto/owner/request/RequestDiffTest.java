package dev.sotto.owner.request;

import static dev.sotto.owner.request.AskedExamples.PRIVATE;
import static dev.sotto.owner.request.AskedExamples.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.owner.Owner;
import dev.sotto.owner.request.RequestDiff.Change;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The difference of two requests")
class RequestDiffTest {
    @TempDir
    private Path folder;

    private Owner owner;

    @BeforeEach
    void open() {
        owner = Owner.open(folder);
        owner.ledger().declare("scans", List.of(), Optional.empty());
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private RequestDiff diff(String first, String second) {
        return RequestDiff.of(AskedExamples.asked(owner, first, 2), AskedExamples.asked(owner, second, 2));
    }

    @Test
    void isNothingBetweenTheSame() {
        assertThat(diff(TERMS + PRIVATE, TERMS + PRIVATE).nothing()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rounds: 3             | rounds: 5              | What would be computed: rounds    | rounds
            epsilon: 2            | epsilon: 3             | What protects them: epsilon       | privacy.example-level.epsilon
            learning-rate: 0.2    | learning-rate: 0.3     | What would be computed: each step | client.optimizer.learning-rate
            [home, readmitted]    | [home, died]           | What would be computed: purpose   | contract.classes
            name: readmission     | name: another          | What would be computed: project   | name
            """)
    void namesWhatIsOtherInWordsAndInTheTerms(String before, String after, String row, String key) {
        RequestDiff diff = diff(TERMS + PRIVATE, (TERMS + PRIVATE).replace(before, after));
        assertThat(diff.words()).extracting(Change::where).contains(row);
        assertThat(diff.terms()).extracting(Change::where).contains(key);
        assertThat(diff.nothing()).isFalse();
    }

    @Test
    void findsWhatNoWordSpeaksOf() {
        RequestDiff diff = diff(TERMS + PRIVATE, TERMS + PRIVATE.replace("max-grad-norm: 1", "max-grad-norm: 2"));
        assertThat(diff.words()).isEmpty();
        assertThat(diff.terms())
                .containsExactly(
                        new Change("privacy.example-level.max-grad-norm", Optional.of("1.0"), Optional.of("2.0")));
    }

    @Test
    void saysThatPrivacyIsGone() {
        RequestDiff diff = diff(TERMS + PRIVATE, TERMS);
        assertThat(diff.words())
                .contains(new Change(
                        "What protects them: noise",
                        Optional.of("added here, in every step, before anything leaves"),
                        Optional.of("none is added, by anybody")));
        assertThat(diff.terms()).anySatisfy(change -> {
            assertThat(change.where()).isEqualTo("privacy.example-level.epsilon");
            assertThat(change.second()).isEmpty();
        });
    }
}
