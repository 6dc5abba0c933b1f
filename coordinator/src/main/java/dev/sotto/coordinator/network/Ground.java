package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.session.SessionMeter;
import dev.sotto.coordinator.store.BlobStore;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What rounds stand on.
 *
 * @param meter hears of refusals that are no session's
 * @param turns of those who send updates
 * @param adding where updates are added up
 * @param timer for what is done later; its tasks are short
 */
record Ground(
        Gate gate,
        SessionMeter meter,
        BlobStore blobs,
        Connections connections,
        TaskBook book,
        Landings landings,
        Turns turns,
        Executor adding,
        ScheduledExecutorService timer) {}
