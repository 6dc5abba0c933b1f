package dev.sotto.coordinator.operator;

import dev.sotto.coordinator.session.SessionEvent;
import dev.sotto.coordinator.session.SessionService;
import dev.sotto.coordinator.session.SessionView;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One watcher of a session: what happens is sent as it happens, and left out where the watcher does not keep up. */
final class Watching {
    private static final Logger LOG = Logger.getLogger(Watching.class.getName());

    private final ServerCallStreamObserver<dev.sotto.wire.v1.SessionEvent> answer;
    private AutoCloseable subscription;
    private boolean over;

    private Watching(StreamObserver<dev.sotto.wire.v1.SessionEvent> answer) {
        this.answer = (ServerCallStreamObserver<dev.sotto.wire.v1.SessionEvent>) answer;
    }

    static void begin(SessionService sessions, String id, StreamObserver<dev.sotto.wire.v1.SessionEvent> answer) {
        Watching watching = new Watching(answer);
        watching.answer.setOnCancelHandler(watching::leave);
        synchronized (watching) {
            watching.subscription = sessions.watch(id, watching::happened);
            // After the subscription, so that an end in between is not missed.
            SessionView now = sessions.show(id);
            watching.send(dev.sotto.wire.v1.SessionEvent.newBuilder()
                    .setKind("now")
                    .setSession(Replies.session(now))
                    .build());
            if (now.state().over()) {
                watching.end();
            }
        }
    }

    private synchronized void happened(SessionEvent event) {
        boolean last = event.kind().equals("ended");
        if (!over && (answer.isReady() || last)) {
            send(Replies.event(event));
        }
        if (last) {
            end();
        }
    }

    private void send(dev.sotto.wire.v1.SessionEvent event) {
        try {
            answer.onNext(event);
        } catch (RuntimeException e) {
            leave(); // it has gone
        }
    }

    private void end() {
        if (!over) {
            leave();
            try {
                answer.onCompleted();
            } catch (RuntimeException e) {
                LOG.log(Level.FINE, "a watcher had gone", e);
            }
        }
    }

    private synchronized void leave() {
        over = true;
        try {
            if (subscription != null) {
                subscription.close();
            }
        } catch (Exception e) {
            LOG.log(Level.WARNING, "a watcher could not leave", e);
        }
    }
}
