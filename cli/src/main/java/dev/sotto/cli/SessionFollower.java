package dev.sotto.cli;

import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.SessionEvent;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells what happens in a session until it is over; a coordinator that is restarted meanwhile is waited for. */
final class SessionFollower {
    private static final List<String> OVER = List.of("completed", "budget", "stopped", "failed");
    private static final List<String> QUIET = List.of("update", "log");
    private static final String PROGRESS = "progress";
    /** Between two lines of clients' progress: who watches wants a sign of life, not one from each. */
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long PAUSE_MILLIS = 1000;
    private static final long WATCH_SECONDS = 3600;
    private static final int ATTEMPTS = 120;

    private final OperatorLink link;
    private final Console console;
    private long progressTold = System.nanoTime() - PROGRESS_NANOS;

    SessionFollower(OperatorLink link, Console console) {
        this.link = link;
        this.console = console;
    }

    /** Follows it to its end, prints what came of it, and gives the exit status that goes with it. */
    int follow(String id, boolean json) {
        SessionDetail last = follow(id, this::tell, () -> {});
        console.result(json ? Answers.session(last).toString() : SessionText.show(last));
        return status(last);
    }

    /**
     * Follows it to its end.
     *
     * @param heard is told of each event
     * @param each is asked now and then, and may throw to give up
     */
    SessionDetail follow(String id, Consumer<SessionEvent> heard, Runnable each) {
        SessionDetail last = link.ask(coordinator -> coordinator.showSession(SessionCommand.request(id)));
        for (int attempt = 0; !over(last) && attempt < ATTEMPTS; attempt++) {
            try {
                each.run();
                Iterator<SessionEvent> events = link.streaming()
                        .withDeadlineAfter(WATCH_SECONDS, TimeUnit.SECONDS)
                        .watchSession(SessionCommand.request(id));
                while (events.hasNext()) {
                    SessionEvent event = events.next();
                    attempt = 0;
                    last = event.hasSession() ? event.getSession() : last;
                    heard.accept(event);
                }
                last = link.ask(coordinator -> coordinator.showSession(SessionCommand.request(id)));
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                    continue; // it is watched a piece at a time
                }
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    throw link.explain(e);
                }
                if (attempt == 0) {
                    console.remark("the connection broke; waiting for the coordinator");
                }
            } catch (IllegalStateException e) {
                if (attempt == ATTEMPTS - 1) {
                    throw e;
                }
            }
            if (!over(last)) {
                pause();
            }
        }
        return last;
    }

    private void tell(SessionEvent event) {
        if (event.getKind().equals(PROGRESS)) {
            if (System.nanoTime() - progressTold < PROGRESS_NANOS) {
                return;
            }
            progressTold = System.nanoTime();
        }
        if (!QUIET.contains(event.getKind()) && !event.getText().isEmpty()) {
            console.remark(event.getText());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static boolean over(SessionDetail session) {
        return OVER.contains(session.getState());
    }

    /** As of {@code sotto run}. */
    static int status(SessionDetail session) {
        return switch (session.getState()) {
            case "completed", "stopped" -> 0;
            case "budget" -> released(session) ? 0 : Failures.REFUSED;
            default -> Failures.FAILED;
        };
    }

    private static boolean released(SessionDetail session) {
        return !session.getResultJson().isEmpty()
                && Answers.parse(session.getResultJson()).path("rounds").asInt() > 0;
    }
}
