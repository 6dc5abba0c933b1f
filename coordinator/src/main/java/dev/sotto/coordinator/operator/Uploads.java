package dev.sotto.coordinator.operator;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.ModelDetail;
import dev.sotto.wire.v1.PackageDetail;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/** Takes what operators send in pieces, and answers when it is kept. */
final class Uploads {
    /** What a file with a model has besides its values. */
    private static final long MODEL_FRAME = 1 << 20;

    private final SessionPackages packages;
    private final ModelFiles models;

    Uploads(SessionPackages packages, ModelFiles models) {
        this.packages = packages;
        this.models = models;
    }

    Incoming sessionPackage(String actor, StreamObserver<PackageDetail> answer) throws IOException {
        return new Incoming(packages.most(), answer, file -> {
            try (InputStream in = Files.newInputStream(file)) {
                answer.onNext(detail(packages.take(in, actor)));
                answer.onCompleted();
            }
        });
    }

    private static PackageDetail detail(SessionPackages.Prepared taken) {
        return PackageDetail.newBuilder()
                .setSha256(ByteString.copyFrom(taken.digest()))
                .setName(taken.name())
                .setRounds(taken.rounds())
                .setParameters(taken.parameters())
                .build();
    }

    Incoming model(String actor, StreamObserver<ModelDetail> answer) throws IOException {
        return new Incoming(packages.mostModel() + MODEL_FRAME, answer, file -> {
            answer.onNext(Replies.model(models.take(file, actor)));
            answer.onCompleted();
        });
    }

    /** Takes what comes after a refusal, and does nothing with it. */
    static StreamObserver<Chunk> refused() {
        return new Nothing();
    }

    private static final class Nothing implements StreamObserver<Chunk> {
        @Override
        public void onNext(Chunk chunk) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
