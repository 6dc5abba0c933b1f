package dev.sotto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.Chunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Vectors and their chunks")
class VectorsTest {
    private static final int PER_CHUNK = Chunks.BYTES / Float.BYTES;

    private static float[] vector(int length) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (i % 2 == 0 ? 1 : -1) * (i + 0.25f) / 7;
        }
        return vector;
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PER_CHUNK - 1, PER_CHUNK, PER_CHUNK + 1, 3 * PER_CHUNK + 17})
    void areTheirValuesInLittleEndianOrderAndComeBackBitByBit(int length) throws IOException {
        float[] vector = vector(length);
        byte[] all = FloatVectors.stream(vector).readAllBytes();
        assertThat(all).isEqualTo(bytes(vector));
        assertThat(FloatVectors.read(new ByteArrayInputStream(all), all.length)).isEqualTo(vector);
        assertThat(FloatVectors.blob(vector)).isEqualTo(Blobs.of(all));
    }

    @Test
    void keepEveryBitOfValuesThatAreNoNumbers() throws IOException {
        float[] odd = {Float.intBitsToFloat(0x7fa00001), -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY};
        float[] back = FloatVectors.read(FloatVectors.stream(odd), 16);
        for (int i = 0; i < odd.length; i++) {
            assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(odd[i]));
        }
    }

    @Test
    void thatEndEarlyOrLateOrWithinAValueAreRefused() {
        byte[] eight = new byte[8];
        assertThatThrownBy(() -> FloatVectors.read(new ByteArrayInputStream(eight), 12))
                .hasMessage("the vector ends before its 12 bytes do");
        assertThatThrownBy(() -> FloatVectors.read(new ByteArrayInputStream(eight), 4))
                .hasMessage("the vector is longer than its 4 bytes");
        assertThatThrownBy(() -> FloatVectors.read(new ByteArrayInputStream(eight), 7))
                .hasMessage("7 bytes are no vector of 32-bit values");
        assertThatThrownBy(() -> FloatVectors.values(-4)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FloatVectors.values(10L << 30)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PER_CHUNK, 2 * PER_CHUNK + 5})
    void arePutTogetherFromChunksOfAnArrayOrAFile(int length, @TempDir Path folder) throws IOException {
        float[] vector = vector(length);
        Path file = Files.write(folder.resolve("vector"), bytes(vector));
        try (FileChannel channel = FileChannel.open(file)) {
            for (ByteSource source : new ByteSource[] {ByteSource.of(vector), ByteSource.of(channel)}) {
                ByteBuffer got = ByteBuffer.allocate((int) source.size());
                while (got.hasRemaining()) {
                    got.put(Chunks.checked(Chunks.of(source, got.position()), got.position(), source.size()));
                }
                assertThat(got.array()).isEqualTo(bytes(vector));
                assertThat(Blobs.of(source)).isEqualTo(FloatVectors.blob(vector));
            }
        }
    }

    @Test
    void areNotSentFromTheMiddleOfAValue() {
        assertThatThrownBy(() -> Chunks.of(ByteSource.of(vector(9)), 6)).hasMessageContaining("within a value");
    }

    @Test
    void theChecksumIsTheOneOfTheStandard() {
        // RFC 3720, appendix B.4: 32 bytes of zeros.
        assertThat(Chunks.of(0, ByteString.copyFrom(new byte[32])).getCrc32C()).isEqualTo(0x8a9136aa);
    }

    static Stream<Chunk> badChunks() {
        Chunk good = Chunks.of(8, ByteString.copyFrom(new byte[] {1, 2, 3, 4}));
        return Stream.of(
                good.toBuilder().setOffset(4).build(),
                good.toBuilder().setOffset(12).build(),
                good.toBuilder().setOffset(-8).build(),
                good.toBuilder().setCrc32C(good.getCrc32C() ^ 1).build(),
                good.toBuilder()
                        .setData(ByteString.copyFrom(new byte[] {1, 2, 3, 5}))
                        .build(),
                good.toBuilder().setData(ByteString.EMPTY).build(),
                Chunks.of(8, ByteString.copyFrom(new byte[12])));
    }

    @ParameterizedTest
    @MethodSource("badChunks")
    void aDamagedMisplacedOrOverlongChunkIsRefused(Chunk bad) {
        assertThatThrownBy(() -> Chunks.checked(bad, 8, 16))
                .isInstanceOf(DamagedChunkException.class)
                .hasMessageContaining("chunk at offset");
    }

    @Test
    void anyFlippedBitOfAChunkIsNoticed() throws IOException {
        byte[] data = bytes(vector(5));
        Chunk good = Chunks.of(0, ByteString.copyFrom(data));
        assertThat(Chunks.checked(good, 0, 20).remaining()).isEqualTo(20);
        for (int bit = 0; bit < 8 * data.length; bit++) {
            byte[] flipped = data.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Chunk bad = good.toBuilder().setData(ByteString.copyFrom(flipped)).build();
            assertThatThrownBy(() -> Chunks.checked(bad, 0, 20)).hasMessageContaining("CRC-32C");
        }
    }

    @Test
    void areNamedByDigestAndSizeAndClaimsAreHeldToALimit() {
        Blob abc = Blobs.of(new byte[] {'a', 'b', 'c'});
        assertThat(Blobs.hex(abc.getSha256()))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(HexFormat.of().parseHex(Blobs.hex(abc.getSha256()))).hasSize(Blobs.DIGEST_BYTES);
        Blobs.requireAtMost(abc, 3, "model");
        assertThatThrownBy(() -> Blobs.requireAtMost(abc, 2, "model"))
                .hasMessage("model: it claims 3 bytes; at most 2 are accepted");
        assertThatThrownBy(() -> Blobs.requireAtMost(abc.toBuilder().setSize(-1).build(), 1 << 20, "model"))
                .hasMessage("model: it claims 18446744073709551615 bytes; at most 1048576 are accepted");
        assertThatThrownBy(() -> Blobs.requireAtMost(Blob.getDefaultInstance(), 1, "model"))
                .hasMessageContaining("digest has 0 bytes");
    }
}
