package dev.sotto.benchmarks.load;

import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.Joined;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.v1.CreateJoinTokenRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Thousands of clients in a process of their own. It enrols and connects them, says so, takes part in whatever session comes
 * until its standard input ends, and then says what it saw; one {@code name value} a line.
 */
public final class LoadGenerator {
    private static final int HEARTBEAT_SECONDS = 15;
    private static final int MOST_AT_ONCE = 8;
    private static final int CONNECT_SECONDS = 180;

    private LoadGenerator() {}

    /** Arguments: an {@code operator.yaml}, and how many clients. */
    public static void main(String[] args) throws Exception {
        int clients = Integer.parseInt(args[1]);
        Tally tally = new Tally(clients);
        Map<Integer, SharedUpdate> made = new ConcurrentHashMap<>();
        IntFunction<SharedUpdate> updates = values -> made.computeIfAbsent(values, SharedUpdate::of);
        long start = System.nanoTime();
        List<Volunteer> volunteers = enrolled(Path.of(args[0]), clients, updates, tally);
        System.out.println("enrolled " + since(start));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            start = System.nanoTime();
            volunteers.forEach(Volunteer::connect);
            if (!tally.welcomed().await(CONNECT_SECONDS, TimeUnit.SECONDS)) {
                tally.print(System.out);
                throw new IllegalStateException(tally.welcomed().getCount() + " of " + clients
                        + " clients are not connected after " + CONNECT_SECONDS + " s");
            }
            System.out.println("connected " + since(start));
            var unused = timer.scheduleAtFixedRate(
                    () -> volunteers.forEach(Volunteer::beat), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
            while (System.in.read() >= 0) {
                // until whoever started this has seen enough, or is gone
            }
            tally.print(System.out);
        } finally {
            timer.shutdownNow();
            volunteers.forEach(Volunteer::close);
        }
        System.exit(0);
    }

    private static List<Volunteer> enrolled(Path operator, int clients, IntFunction<SharedUpdate> updates, Tally tally)
            throws IOException, InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(MOST_AT_ONCE);
        try (OperatorCalls calls = new OperatorCalls(operator)) {
            List<Future<Volunteer>> joining = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                String id = "load-" + i;
                joining.add(pool.submit(() -> enrolled(calls, id, updates, tally)));
            }
            List<Volunteer> volunteers = new ArrayList<>();
            for (Future<Volunteer> each : joining) {
                volunteers.add(each.get());
            }
            return volunteers;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Volunteer enrolled(OperatorCalls calls, String id, IntFunction<SharedUpdate> updates, Tally tally)
            throws IOException {
        String token = calls.ask()
                .createJoinToken(
                        CreateJoinTokenRequest.newBuilder().setClientId(id).build())
                .getToken();
        NodeKeys keys = NodeKeys.generate();
        Joined joined = CoordinatorLink.join(JoinToken.parse(token), id, keys, "load", ProxyRules.of(Map.of()));
        return new Volunteer(id, keys, joined, updates, tally);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
