package dev.sotto.benchmarks.load;

import dev.sotto.wire.ByteSource;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.DeliverPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The values that all clients send, once in memory. Immutable. */
record SharedUpdate(Blob blob, List<DeliverPart> chunks) {
    /** Values such as training gives: small, of either sign, no two alike in a row. */
    static SharedUpdate of(int values) {
        float[] vector = new float[values];
        for (int i = 0; i < values; i++) {
            vector[i] = (float) Math.sin(i) * 1e-3f;
        }
        List<DeliverPart> chunks = new ArrayList<>();
        try {
            ByteSource source = ByteSource.of(vector);
            for (long at = 0; at < source.size(); at += Chunks.BYTES) {
                chunks.add(
                        DeliverPart.newBuilder().setChunk(Chunks.of(source, at)).build());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e); // an array has no such troubles
        }
        return new SharedUpdate(FloatVectors.blob(vector), List.copyOf(chunks));
    }
}
