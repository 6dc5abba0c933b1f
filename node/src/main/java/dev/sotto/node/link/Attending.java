package dev.sotto.node.link;

import dev.sotto.wire.Protocol;
import dev.sotto.wire.v1.Alive;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Hello;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.Welcome;
import dev.sotto.wire.v1.WorkGrpc.WorkStub;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One connection, from its hello to its end. */
final class Attending implements ClientResponseObserver<FromNode, ToNode> {
    private static final Logger LOG = Logger.getLogger(Attending.class.getName());
    private static final FromNode ALIVE =
            FromNode.newBuilder().setAlive(Alive.getDefaultInstance()).build();
    private static final int GREETING_SECONDS = 30;
    private static final int HEARTBEATS = 3;

    private final LinkSettings settings;
    private final Handler handler;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private volatile ClientCallStreamObserver<FromNode> out;
    /** Whether hello was said. Guarded by this: before, nothing else may be said, and what is to end ends once it has begun. */
    private boolean begun;

    private volatile boolean welcomed;
    private volatile long heard = System.nanoTime();

    /**
     * How it ended.
     *
     * @param refused whether trying again changes nothing
     * @param atOnce whether this side ended it, to connect anew
     */
    record End(String reason, boolean refused, boolean atOnce, Throwable cause) {}

    Attending(LinkSettings settings, Handler handler, ScheduledExecutorService timer) {
        this.settings = settings;
        this.handler = handler;
        this.timer = timer;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FromNode> stream) {
        out = stream;
    }

    void begin(WorkStub work) {
        work.attend(this);
        hello(FromNode.newBuilder()
                .setHello(Hello.newBuilder()
                        .setVersion(settings.version())
                        .setEngine(settings.engine())
                        .setProtocol(Protocol.VERSION)
                        .addAllSessions(handler.sessions()))
                .build());
        var unused = timer.schedule(this::greeted, GREETING_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized void hello(FromNode message) {
        begun = true;
        if (end.isDone()) {
            out.cancel("ended before it began", null);
        } else {
            out.onNext(message);
        }
    }

    private void greeted() {
        if (!welcomed) {
            end("the coordinator does not greet");
        }
    }

    boolean welcomed() {
        return welcomed;
    }

    End await() throws InterruptedException {
        try {
            return end.get();
        } catch (InterruptedException e) {
            close();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it is never completed so
        }
    }

    /** Says something, after hello; false if that was not said yet or this has ended. Never throws: training says things too. */
    synchronized boolean send(FromNode message) {
        if (!begun || end.isDone()) {
            return false;
        }
        out.onNext(message);
        return true;
    }

    void close() {
        end("closed");
    }

    /** Ends it, for another to begin. */
    void again() {
        end("another certificate is shown from now on", true);
    }

    private void end(String reason) {
        end(reason, false);
    }

    private void end(String reason, boolean atOnce) {
        if (end.complete(new End(reason, false, atOnce, null))) {
            cancel(reason);
        }
    }

    /** Never between the look at {@link #end} and the word of whoever says something, nor before the call has begun. */
    private synchronized void cancel(String reason) {
        if (begun) {
            out.cancel(reason, null);
        }
    }

    private void beat(int seconds) {
        if (System.nanoTime() - heard > TimeUnit.SECONDS.toNanos((long) HEARTBEATS * seconds)) {
            end("the coordinator has been silent for " + HEARTBEATS * seconds + " s");
        } else {
            send(ALIVE);
        }
    }

    @Override
    public void onNext(ToNode message) {
        heard = System.nanoTime();
        try {
            switch (message.getSaidCase()) {
                case WELCOME -> welcome(message.getWelcome());
                case OFFER -> handler.offer(message.getOffer());
                case TASK -> handler.task(message.getTask());
                case WITHDRAW -> handler.withdraw(message.getWithdraw());
                case OVER -> handler.over(message.getOver());
                default -> {} // alive
            }
        } catch (RuntimeException e) {
            // A fault in the handling of one message must not take the node from its coordinator.
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "a message of the coordinator could not be handled: " + message.getSaidCase());
        }
    }

    private void welcome(Welcome welcome) {
        welcomed = true;
        int seconds = Math.max(1, welcome.getHeartbeatSeconds());
        ScheduledFuture<?> beats =
                timer.scheduleWithFixedDelay(() -> beat(seconds), seconds, seconds, TimeUnit.SECONDS);
        var unused = end.whenComplete((how, failure) -> beats.cancel(false));
        handler.connected(welcome);
    }

    @Override
    public void onError(Throwable broken) {
        Status status = Status.fromThrowable(broken);
        boolean refused =
                switch (status.getCode()) {
                    case UNAUTHENTICATED, PERMISSION_DENIED, FAILED_PRECONDITION, UNIMPLEMENTED -> true;
                    default -> false;
                };
        end.complete(new End(Reasons.of(broken), refused, false, broken));
    }

    @Override
    public void onCompleted() {
        end.complete(new End("the coordinator has ended the connection", false, false, null));
    }
}
