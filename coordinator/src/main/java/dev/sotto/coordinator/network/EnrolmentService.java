package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.identity.Joined;
import dev.sotto.coordinator.identity.RefusedException;
import dev.sotto.wire.v1.EnrolmentGrpc;
import dev.sotto.wire.v1.JoinRequest;
import dev.sotto.wire.v1.JoinResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Turns join tokens into certificates; the gate decides, and writes down whom it refuses. */
final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
    private final Gate gate;

    EnrolmentService(Gate gate) {
        this.gate = gate;
    }

    @Override
    public void join(JoinRequest request, StreamObserver<JoinResponse> answer) {
        try {
            Joined joined = gate.join(
                    request.getToken(),
                    request.getClientId(),
                    request.getCertificateRequest().toByteArray(),
                    request.getSigningKey().toByteArray(),
                    request.getProof().toByteArray());
            JoinResponse.Builder response = JoinResponse.newBuilder()
                    .setCoordinatorId(joined.coordinatorId())
                    .setPackageKey(ByteString.copyFrom(joined.packageKey()));
            joined.certificateChain().forEach(der -> response.addCertificateChain(ByteString.copyFrom(der)));
            answer.onNext(response.build());
            answer.onCompleted();
        } catch (RefusedException e) {
            answer.onError(
                    Status.PERMISSION_DENIED.withDescription(e.getMessage()).asRuntimeException());
        }
    }
}
