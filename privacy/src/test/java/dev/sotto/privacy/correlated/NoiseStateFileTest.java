package dev.sotto.privacy.correlated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseStateFileTest {
    private static final CorrelatedGaussian PLAN = new CorrelatedGaussian(
            new BufferedLinearToeplitz(List.of(0.9, 0.5), List.of(0.1, 0.2)),
            Participation.separated(20, 5),
            new ClippingNorm(1),
            new NoiseMultiplier(1),
            NeighbouringRelation.ZERO_OUT);

    @TempDir
    private Path folder;

    private NoiseStateFile file;

    @BeforeEach
    void file() {
        file = new NoiseStateFile(folder.resolve("noise.state"));
    }

    private static float[] next(CorrelatedNoise noise) {
        float[] sum = new float[noise.length()];
        noise.addTo(sum, Randomness.seeded(3).stream("round-" + noise.round()));
        return sum;
    }

    @Test
    void aRunGoesOnFromTheLastStateWritten() throws IOException {
        CorrelatedNoise noise = PLAN.noise(50);
        for (int round = 0; round < 3; round++) {
            next(noise);
            file.write(noise);
        }
        CorrelatedNoise resumed = file.read(PLAN, 50);
        assertThat(resumed.round()).isEqualTo(3);
        assertThat(next(resumed)).isEqualTo(next(noise));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file.path());
        }
    }

    @Test
    void onlyItsOwnerReadsIt() throws IOException {
        file.write(PLAN.noise(50));
        PosixFileAttributeView view = Files.getFileAttributeView(file.path(), PosixFileAttributeView.class);
        if (view != null) {
            assertThat(view.readAttributes().permissions())
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
    }

    @Test
    void aMissingOrDamagedFileIsNamed() throws IOException {
        assertThatThrownBy(() -> file.read(PLAN, 50)).hasMessageStartingWith(file.path() + ": the state of the");
        Files.writeString(file.path(), "no state");
        assertThatThrownBy(() -> file.read(PLAN, 50))
                .hasMessageStartingWith(file.path() + ": not a state of correlated noise: ");
    }
}
