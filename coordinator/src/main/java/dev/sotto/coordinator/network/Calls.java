package dev.sotto.coordinator.network;

import io.grpc.Status;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls that are open, by client: so that there are not too many, none stands still, and none outlives a revocation. */
final class Calls {
    private final Map<String, Set<GuardedCall<?, ?>>> open = new HashMap<>();
    private final Refusals refusals;

    Calls(Refusals refusals) {
        this.refusals = refusals;
    }

    /** Takes a call in, unless its client has that many already. */
    synchronized boolean admit(GuardedCall<?, ?> call, int most) {
        Set<GuardedCall<?, ?>> own = open.computeIfAbsent(call.client(), client -> new HashSet<>());
        return own.size() < most && own.add(call);
    }

    /** Lets a call go; whether it was open until now. */
    synchronized boolean over(GuardedCall<?, ?> call) {
        Set<GuardedCall<?, ?>> own = open.getOrDefault(call.client(), Set.of());
        boolean was = own.contains(call) && own.remove(call);
        if (own.isEmpty()) {
            open.remove(call.client());
        }
        return was;
    }

    /** Ends all that a client has open. */
    void end(String client, Status status) {
        of(client).forEach(call -> call.end(status));
    }

    synchronized List<GuardedCall<?, ?>> of(String client) {
        return List.copyOf(open.getOrDefault(client, Set.of()));
    }

    synchronized List<GuardedCall<?, ?>> all() {
        return open.values().stream().flatMap(Set::stream).toList();
    }

    /** Ends a call for a reason that is written down, once, although two may look at the same call at the same time. */
    void end(GuardedCall<?, ?> call, Status status) {
        if (!over(call)) {
            return; // it has ended by itself, or somebody else is ending it
        }
        String method = call.getMethodDescriptor().getBareMethodName();
        refusals.note(call.client(), "call.ended", String.valueOf(method), String.valueOf(status.getDescription()));
        call.end(status);
    }

    /** Ends those that stand still. */
    void sweep() {
        long now = System.nanoTime();
        all().stream()
                .filter(call -> call.standsStill(now))
                .forEach(call -> end(call, Status.DEADLINE_EXCEEDED.withDescription("nothing moved for too long")));
    }
}
