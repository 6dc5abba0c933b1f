package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.session.Reach.Offer;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.v1.ToNode;
import java.util.Optional;

/** A session that is not over: it gathers clients, or has a fleet. Immutable. */
record Hosted(Offer offer, Optional<Gathering> gathering, Optional<NetworkFleet> fleet) {
    /** Whether a client is asked: while a session gathers those that may, and then those that do take part. */
    boolean asks(String client) {
        return fleet.map(each -> each.has(client))
                .orElseGet(() -> offer.only().isEmpty() || offer.only().contains(client));
    }

    boolean names(ByteString sha256) {
        return sha256.equals(ByteString.copyFrom(offer.packageDigest()))
                || fleet.map(each -> each.names(sha256)).orElse(false);
    }

    ToNode message() {
        return ToNode.newBuilder()
                .setOffer(dev.sotto.wire.v1.Offer.newBuilder()
                        .setSession(offer.session())
                        .setPackage(Blobs.named(offer.packageDigest(), offer.packageBytes()))
                        .setClients(offer.clients()))
                .build();
    }
}
