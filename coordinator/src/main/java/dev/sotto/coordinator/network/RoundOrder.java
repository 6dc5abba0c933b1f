package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.store.BlobStore;
import dev.sotto.federation.RoundTask;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ClientReleases;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What clients are told in a round, with its model in the blob store.
 *
 * @param template the message, but for its id and its time
 */
record RoundOrder(RoundTask task, Task template) {
    static RoundOrder of(RoundTask task, String session, TaskKind kind, BlobStore blobs) {
        Task.Builder message = Task.newBuilder()
                .setSession(session)
                .setRound(task.round())
                .setKind(kind)
                .setModel(stored(task.parameters(), blobs));
        if (task.extra().length > 0) {
            message.setExtra(stored(task.extra(), blobs));
        }
        task.release().ifPresent(release -> message.setRelease(ClientReleases.of(release)));
        return new RoundOrder(task, message.build());
    }

    private static Blob stored(float[] vector, BlobStore blobs) {
        long size = (long) Float.BYTES * vector.length;
        try (InputStream in = FloatVectors.stream(vector)) {
            return Blobs.named(blobs.put(in, size), size);
        } catch (IOException e) {
            throw new UncheckedIOException("the model of a round cannot be stored: " + e.getMessage(), e);
        }
    }

    boolean names(ByteString sha256) {
        return template.getModel().getSha256().equals(sha256)
                || (template.hasExtra() && template.getExtra().getSha256().equals(sha256));
    }
}
