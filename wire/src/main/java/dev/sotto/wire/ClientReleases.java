package dev.sotto.wire;

import dev.sotto.federation.clientlevel.UpdateBound;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.wire.v1.BoundPart;
import dev.sotto.wire.v1.ClientRelease;
import java.util.ArrayList;
import java.util.List;

/** How clients bound and noise for themselves, as messages say it. */
public final class ClientReleases {
    /** Models have layers by the dozen; more parts than this is no model. */
    private static final int MOST_PARTS = 10_000;

    private ClientReleases() {}

    /** As a message. */
    public static ClientRelease of(UpdateRelease release) {
        ClientRelease.Builder message = ClientRelease.newBuilder()
                .setStandardDeviation(release.standardDeviation())
                .setCountValue(release.countValue())
                .setMaxWeight(release.maxWeight());
        for (UpdateBound.Part part : release.bound().parts()) {
            message.addParts(
                    BoundPart.newBuilder().setFrom(part.from()).setTo(part.to()).setNorm(part.norm()));
        }
        return message.build();
    }

    /**
     * From a message. Doubles travel bit by bit, so it equals what was sent.
     *
     * @throws IllegalArgumentException if it is no release of a vector: parts that do not follow each other from 0, or values
     *     out of range
     */
    public static UpdateRelease from(ClientRelease message) {
        if (message.getPartsCount() == 0 || message.getPartsCount() > MOST_PARTS) {
            throw new IllegalArgumentException(
                    "release: " + message.getPartsCount() + " parts; there must be 1 to " + MOST_PARTS);
        }
        List<UpdateBound.Part> parts = new ArrayList<>();
        int next = 0;
        for (BoundPart part : message.getPartsList()) {
            if (part.getFrom() != next || part.getTo() <= next) {
                throw new IllegalArgumentException("release: part from " + part.getFrom() + " to " + part.getTo()
                        + " where the one from " + next + " is next");
            }
            parts.add(new UpdateBound.Part(part.getFrom(), part.getTo(), finite("norm", part.getNorm())));
            next = part.getTo();
        }
        if (message.getMaxWeight() < 0) {
            throw new IllegalArgumentException("release: the most weight is " + message.getMaxWeight());
        }
        return new UpdateRelease(
                new UpdateBound(parts),
                finite("standard deviation", message.getStandardDeviation()),
                finite("count value", message.getCountValue()),
                message.getMaxWeight());
    }

    private static double finite(String what, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("release: its " + what + " is " + value + "; it must be 0 or more");
        }
        return value;
    }
}
