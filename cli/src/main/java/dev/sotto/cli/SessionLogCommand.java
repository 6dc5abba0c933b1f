package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.wire.v1.LogEntry;
import dev.sotto.wire.v1.SessionLogRequest;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto session log. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = {
            "What the clients of a session said while they worked.",
            "Sessions that protect clients keep no such lines: they would say who takes part."
        },
        footer = {"", "Example:", "  sotto session log s-1a2b3c --client ward-3 --follow"})
final class SessionLogCommand implements Callable<Integer> {
    private static final long PAUSE_MILLIS = 1000;
    private static final long SECONDS = 600;

    /** Lines of one moment may be written in another order than they are read in. */
    private static final long OVERLAP_MILLIS = 5000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Parameters(paramLabel = "SESSION", description = "Its id.")
    private String id;

    @Option(names = "--client", paramLabel = "ID", description = "One client only.")
    private String client = "";

    @Option(names = "--follow", description = "Go on until the session is over.")
    private boolean follow;

    /** How far each client's lines are read. */
    private final Map<String, Long> read = new HashMap<>();

    private long latest;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        List<LogEntry> all = new ArrayList<>();
        Consumer<LogEntry> heard = operator.json() ? all::add : entry -> console.result(text(entry));
        try (OperatorLink link = operator.connect()) {
            boolean over;
            do {
                // Before the lines, so that the last of them are not missed.
                over = SessionFollower.over(
                        link.ask(coordinator -> coordinator.showSession(SessionCommand.request(id))));
                lines(link, heard);
            } while (follow && !over && pause());
        }
        if (operator.json()) {
            console.result(json(all).toString());
        }
        return 0;
    }

    private void lines(OperatorLink link, Consumer<LogEntry> heard) {
        SessionLogRequest request = SessionLogRequest.newBuilder()
                .setSession(id)
                .setClient(client)
                .setSinceMillis(Math.max(0, latest - OVERLAP_MILLIS))
                .build();
        try {
            Iterator<LogEntry> entries = link.streaming()
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .sessionLog(request);
            while (entries.hasNext()) {
                LogEntry entry = entries.next();
                if (entry.getNumber() > read.getOrDefault(entry.getClient(), 0L)) {
                    read.put(entry.getClient(), entry.getNumber());
                    latest = Math.max(latest, entry.getMillis());
                    heard.accept(entry);
                }
            }
        } catch (StatusRuntimeException e) {
            throw link.explain(e);
        }
    }

    private static String text(LogEntry entry) {
        return Answers.time(entry.getMillis()) + "  " + entry.getClient() + "  " + entry.getLine();
    }

    private ObjectNode json(List<LogEntry> all) {
        ObjectNode json = Answers.object().put("session", id);
        var lines = json.putArray("lines");
        all.forEach(entry -> lines.addObject()
                .put("time", Answers.time(entry.getMillis()))
                .put("client", entry.getClient())
                .put("line", entry.getLine()));
        return json;
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
