package dev.sotto.federation;

import dev.sotto.federation.clientlevel.UpdateRelease;
import java.util.Optional;

/**
 * What clients are told in a round.
 *
 * @param round number of the round, from 1
 * @param parameters the current model; shared, never written to
 * @param method what to do besides plain training
 * @param extra what the method needs besides the model; shared, never written to
 * @param release how a client bounds and noises its update before it leaves; empty where the coordinator does
 */
public record RoundTask(
        int round, float[] parameters, LocalMethod method, float[] extra, Optional<UpdateRelease> release) {
    /** Plain training. */
    public RoundTask(int round, float[] parameters) {
        this(round, parameters, new LocalMethod.Plain(), new float[0], Optional.empty());
    }

    /** The same task on another model. */
    public RoundTask on(float[] other) {
        return new RoundTask(round, other, method, extra, release);
    }
}
