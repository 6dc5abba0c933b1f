package dev.sotto.owner.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.settings.ClientSettings;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Where clients are drawn in each other's place, a client")
class ForgetfulClientTest {
    private static final String BOTH = AskedExamples.TERMS
            + "privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1},"
            + " client-level: {noise-multiplier: 1, delta: 1e-3, clipping-norm: 1}}\n";

    private static AgreedTerms agreed(String terms, String settings) {
        try {
            ClientSettings own = ClientSettings.read("client_settings.yaml", new ObjectMapper().readTree(settings));
            return AgreedTerms.of(
                    AskedExamples.SESSION,
                    "hospital",
                    "scans",
                    "ab12",
                    8,
                    AskedExamples.packaged(terms, 8).terms(8),
                    AskedExamples.EXAMPLES,
                    Optional.of(own),
                    Optional.empty());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void takesPartInAllRoundsOrInNone() {
        String fewer = "{\"epsilon\": 1, \"global_rounds\": 2}";
        assertThatThrownBy(() -> agreed(BOTH + "cohort: {size: 4}\n", fewer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "privacy.example-level: a client's budget of epsilon 1.0 does not cover all 3 rounds");
        assertThat(agreed(BOTH + "cohort: {size: 4}\n", "{\"epsilon\": 1}").privacy())
                .isPresent();
        assertThat(agreed(BOTH + "cohort: {rate: 0.5}\n", fewer).privacy()).isPresent();
    }
}
