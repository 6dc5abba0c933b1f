package dev.sotto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sotto.federation.clientlevel.UpdateBound;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.wire.v1.ClientRelease;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("How clients bound and noise")
class ClientReleasesTest {
    private static final UpdateRelease RELEASE = new UpdateRelease(
            new UpdateBound(List.of(new UpdateBound.Part(0, 3, 0.1), new UpdateBound.Part(3, 10, Math.PI))),
            1.0 / 3,
            0.5,
            100);

    @Test
    void arrivesBitByBit() throws InvalidProtocolBufferException {
        byte[] bytes = ClientReleases.of(RELEASE).toByteArray();
        assertThat(ClientReleases.from(ClientRelease.parseFrom(bytes))).isEqualTo(RELEASE);
    }

    static Stream<ClientRelease> bad() {
        ClientRelease good = ClientReleases.of(RELEASE);
        return Stream.of(
                good.toBuilder().clearParts().build(),
                good.toBuilder().removeParts(0).build(),
                good.toBuilder()
                        .setParts(1, good.getParts(1).toBuilder().setFrom(4))
                        .build(),
                good.toBuilder()
                        .setParts(1, good.getParts(1).toBuilder().setTo(3))
                        .build(),
                good.toBuilder()
                        .setParts(1, good.getParts(1).toBuilder().setTo(-1))
                        .build(),
                good.toBuilder()
                        .setParts(0, good.getParts(0).toBuilder().setNorm(0))
                        .build(),
                good.toBuilder()
                        .setParts(0, good.getParts(0).toBuilder().setNorm(Double.NaN))
                        .build(),
                good.toBuilder().setStandardDeviation(-1).build(),
                good.toBuilder().setStandardDeviation(Double.POSITIVE_INFINITY).build(),
                good.toBuilder().setCountValue(Double.NaN).build(),
                good.toBuilder().setMaxWeight(-1).build());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void isRefusedWhereItBoundsNoVector(ClientRelease bad) {
        assertThatThrownBy(() -> ClientReleases.from(bad)).isInstanceOf(IllegalArgumentException.class);
    }
}
