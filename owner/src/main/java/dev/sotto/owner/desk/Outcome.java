package dev.sotto.owner.desk;

import dev.sotto.owner.request.Request;

/** What comes of an offer that is not refused. */
public sealed interface Outcome {
    /** The owner takes part. */
    record Hosted(HostedSession session) implements Outcome {}

    /** The owner has yet to decide; the same offer, made again after that, has another outcome. */
    record Waiting(Request request) implements Outcome {}
}
