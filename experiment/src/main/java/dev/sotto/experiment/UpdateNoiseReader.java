package dev.sotto.experiment;

import dev.sotto.federation.clientlevel.CorrelationKind;
import dev.sotto.federation.clientlevel.NoiseDistribution;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.formats.config.Section;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads of {@code privacy.client-level} where noise comes from: {@code noise}, {@code distribution}, {@code correlation}. */
final class UpdateNoiseReader {
    private final Section section;

    private UpdateNoiseReader(Section section) {
        this.section = section;
    }

    static UpdateNoise read(Section section) {
        return new UpdateNoiseReader(section).read();
    }

    private UpdateNoise read() {
        String origin = section.choice("noise", List.of("coordinator", "clients", "local"), "coordinator");
        if (!origin.equals("coordinator")) {
            onlyAtTheCoordinator("distribution", origin);
            onlyAtTheCoordinator("correlation", origin);
        }
        return switch (origin) {
            case "clients" -> new UpdateNoise.AtClients(section.integer("colluders", 0, 0, Integer.MAX_VALUE));
            case "local" -> new UpdateNoise.Local();
            default -> section.has("correlation") ? correlated() : independent();
        };
    }

    private void onlyAtTheCoordinator(String key, String origin) {
        if (section.has(key)) {
            throw section.error(key, "it needs noise: coordinator, and noise is " + origin);
        }
    }

    private UpdateNoise independent() {
        List<String> labels = Arrays.stream(NoiseDistribution.values())
                .map(NoiseDistribution::label)
                .toList();
        String label = section.choice("distribution", labels, NoiseDistribution.GAUSSIAN.label());
        return new UpdateNoise.AtCoordinator(
                label.equals(NoiseDistribution.GAUSSIAN.label())
                        ? NoiseDistribution.GAUSSIAN
                        : NoiseDistribution.DISCRETE_GAUSSIAN);
    }

    private UpdateNoise correlated() {
        if (section.has("distribution")
                && !section.text("distribution", "gaussian").equals("gaussian")) {
            throw section.error("distribution", "with correlation it must be gaussian");
        }
        Section correlation = section.section("correlation");
        boolean banded =
                correlation.choice("kind", List.of("banded", "blt"), "blt").equals("banded");
        CorrelationKind kind = banded ? CorrelationKind.BANDED : CorrelationKind.BLT;
        Optional<Integer> size = correlation.integer(kind.sizeKey(), 1, banded ? Integer.MAX_VALUE : 10);
        correlation.end();
        return new UpdateNoise.Correlated(kind, size.map(OptionalInt::of).orElse(OptionalInt.empty()));
    }
}
