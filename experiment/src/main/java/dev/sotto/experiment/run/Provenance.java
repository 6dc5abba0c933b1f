package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.learning.Engine;
import java.util.OptionalLong;

/**
 * What made a run's numbers: enough to make them again, given a seed.
 *
 * @param sotto version of this software
 * @param engine the engine's name
 * @param kernel what the engine ran on: kernel and lane width; bits are equal only where these are
 * @param java version of the virtual machine
 * @param platform operating system and processor
 * @param seed of all randomness; empty if it came from the operating system and was kept nowhere
 */
public record Provenance(String sotto, String engine, String kernel, String java, String platform, OptionalLong seed) {

    /** This machine's, for a run on the given engine. */
    public static Provenance of(Engine engine, OptionalLong seed) {
        return new Provenance(
                Version.current(),
                engine.name(),
                engine.description(),
                System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                seed);
    }

    /** Whether all randomness can be drawn again: then noise hides nothing from whoever knows the seed. */
    public boolean reproducible() {
        return seed.isPresent();
    }

    ObjectNode json() {
        ObjectNode node = model();
        return node.put("java", java).put("platform", platform);
    }

    /** The part that decides the model's bits, for model files: the same on any machine with this kernel. */
    ObjectNode model() {
        ObjectNode node =
                Json.object().put("sotto", sotto).put("engine", engine).put("kernel", kernel);
        if (seed.isPresent()) {
            node.put("seed", seed.getAsLong());
        } else {
            node.putNull("seed");
        }
        return node;
    }

    static Provenance parse(JsonNode node) {
        return new Provenance(
                node.path("sotto").asText(),
                node.path("engine").asText(),
                node.path("kernel").asText(),
                node.path("java").asText(),
                node.path("platform").asText(),
                node.path("seed").isIntegralNumber()
                        ? OptionalLong.of(node.path("seed").asLong())
                        : OptionalLong.empty());
    }
}
