package dev.sotto.coordinator.network;

import dev.sotto.wire.Protocol;
import dev.sotto.wire.v1.Alive;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Hello;
import dev.sotto.wire.v1.LogLines;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The stream of a node that is connected. The call's callbacks come one after the other. */
final class Attendance implements StreamObserver<FromNode> {
    private static final ToNode ALIVE =
            ToNode.newBuilder().setAlive(Alive.getDefaultInstance()).build();
    private static final int MOST_LINE = 1000;

    private final Connection connection;
    private final NetworkReach reach;
    private final NetworkSettings settings;
    private final ServerCallStreamObserver<ToNode> out;
    private final Rate messages = new Rate(2000, 100);
    private final Rate lines = new Rate(1000, 20);
    private boolean greeted;

    Attendance(
            String client,
            GuardedCall<?, ?> call,
            NetworkReach reach,
            NetworkSettings settings,
            ServerCallStreamObserver<ToNode> out) {
        this.connection = new Connection(client, call, out);
        this.reach = reach;
        this.settings = settings;
        this.out = out;
        out.setOnReadyHandler(connection::drain);
        out.setOnCancelHandler(this::leave);
        out.setOnCloseHandler(this::leave);
    }

    @Override
    public void onNext(FromNode message) {
        if (!messages.allows()) {
            connection.end(Status.RESOURCE_EXHAUSTED.withDescription("the node says too much at once"));
            return;
        }
        if (message.hasHello()) {
            greet(message.getHello());
            return;
        }
        if (!greeted) {
            connection.end(Status.FAILED_PRECONDITION.withDescription("a node says hello first"));
            return;
        }
        switch (message.getSaidCase()) {
            case ALIVE -> connection.send(ALIVE);
            case ANSWER -> reach.answered(connection, message.getAnswer());
            case REFUSED -> reach.refused(connection.client(), message.getRefused());
            case EVALUATED -> reach.evaluated(connection.client(), message.getEvaluated());
            case LOG -> log(message.getLog());
            case PROGRESS -> reach.progressed(connection.client(), message.getProgress());
            default -> {} // of a later version
        }
    }

    private void greet(Hello hello) {
        if (hello.getProtocol() != Protocol.VERSION) {
            connection.end(Status.FAILED_PRECONDITION.withDescription("the node speaks protocol " + hello.getProtocol()
                    + " and this coordinator " + Protocol.VERSION + "; both must be of the same release"));
            return;
        }
        if (!greeted) {
            greeted = true;
            connection.send(ToNode.newBuilder()
                    .setWelcome(Welcome.newBuilder()
                            .setCoordinatorId(settings.coordinatorId())
                            .setClientId(connection.client())
                            .setHeartbeatSeconds(
                                    (int) Math.max(1, settings.heartbeat().toSeconds())))
                    .build());
            reach.entered(connection, hello);
        }
    }

    private void log(LogLines log) {
        for (String line : log.getLineList()) {
            if (lines.allows()) {
                String cut = line.length() > MOST_LINE ? line.substring(0, MOST_LINE) : line;
                reach.log(log.getSession(), connection.client(), Refusals.line(cut));
            }
        }
    }

    private void leave() {
        reach.left(connection);
    }

    @Override
    public void onError(Throwable broken) {
        leave();
    }

    @Override
    public void onCompleted() {
        leave();
        out.onCompleted();
    }
}
