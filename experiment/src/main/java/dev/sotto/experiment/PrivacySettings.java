package dev.sotto.experiment;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.formats.config.Section;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Reads the section {@code privacy}. What it asks for at the clients is complete only with the model: clipping per layer
 * needs to know how many there are.
 *
 * @param exampleLevel as a function of how many layers have parameters; empty if not asked for
 * @param clientLevel across the federation; empty if not asked for
 */
record PrivacySettings(Optional<IntFunction<ExamplePrivacy>> exampleLevel, Optional<ClientLevelSettings> clientLevel) {
    static PrivacySettings read(Section privacy, int batchSize) {
        Optional<IntFunction<ExamplePrivacy>> exampleLevel = privacy.has("example-level")
                ? Optional.of(new ExampleLevelReader(privacy.section("example-level")).read(batchSize))
                : Optional.empty();
        Optional<ClientLevelSettings> clientLevel = privacy.has("client-level")
                ? Optional.of(ClientLevelSettings.read(privacy.section("client-level")))
                : Optional.empty();
        privacy.end();
        return new PrivacySettings(exampleLevel, clientLevel);
    }
}
