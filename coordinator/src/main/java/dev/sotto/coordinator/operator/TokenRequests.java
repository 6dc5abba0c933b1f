package dev.sotto.coordinator.operator;

import dev.sotto.coordinator.identity.Identities;
import dev.sotto.coordinator.identity.Identities.Issued;
import dev.sotto.coordinator.identity.Role;
import dev.sotto.wire.v1.CreateAccessTokenRequest;
import dev.sotto.wire.v1.CreateAccessTokenResponse;
import dev.sotto.wire.v1.CreateJoinTokenRequest;
import dev.sotto.wire.v1.CreateJoinTokenResponse;
import java.time.Duration;
import java.util.Optional;

/** Issues the tokens that an administrator asks for; a time that is left out is 0 on the wire. */
final class TokenRequests {
    private static final Duration JOIN_VALID = Duration.ofDays(1);
    private static final Duration ACCESS_VALID = Duration.ofDays(365);

    private final Identities identities;

    TokenRequests(Identities identities) {
        this.identities = identities;
    }

    CreateJoinTokenResponse join(CreateJoinTokenRequest request, String actor) {
        Issued issued = identities.createJoinToken(
                Optional.of(request.getClientId()).filter(id -> !id.isEmpty()),
                valid(request.getValidSeconds(), JOIN_VALID),
                actor);
        return CreateJoinTokenResponse.newBuilder()
                .setToken(issued.token())
                .setExpiresMillis(issued.expires().toEpochMilli())
                .build();
    }

    CreateAccessTokenResponse access(CreateAccessTokenRequest request, String actor) {
        Role role = Role.of(request.getRole())
                .orElseThrow(() -> new IllegalArgumentException(
                        "role is '" + request.getRole() + "'; it must be viewer, operator or admin"));
        Issued issued = identities.createAccessToken(
                request.getName(), role, valid(request.getValidSeconds(), ACCESS_VALID), actor);
        return CreateAccessTokenResponse.newBuilder().setToken(issued.token()).build();
    }

    private static Duration valid(int seconds, Duration otherwise) {
        return seconds == 0 ? otherwise : Duration.ofSeconds(Integer.toUnsignedLong(seconds));
    }
}
