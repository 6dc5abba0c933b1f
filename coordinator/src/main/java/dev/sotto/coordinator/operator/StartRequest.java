package dev.sotto.coordinator.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.coordinator.session.SessionPackages.Prepared;
import dev.sotto.coordinator.session.SessionSettings;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.wire.v1.StartSessionRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what an operator wants of a session; numbers that are left out are 0 on the wire. */
final class StartRequest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SessionPackages packages;

    StartRequest(SessionPackages packages) {
        this.packages = packages;
    }

    Prepared prepare(StartSessionRequest request, String actor) {
        return packages.prepare(
                request.getPackage().toByteArray(),
                Optional.of(request.getName()).filter(name -> !name.isBlank()),
                count("rounds", request.getRounds()),
                count("min-clients", request.getMinClients()),
                Optional.of(request.getFromModel().toByteArray()).filter(digest -> digest.length > 0),
                actor);
    }

    SessionSettings settings(StartSessionRequest request, Prepared prepared) {
        int clients = count("clients", request.getClients());
        SessionSettings settings = new SessionSettings(
                clients == 0 ? Math.max(prepared.minClients(), request.getOnlyCount()) : clients,
                prepared.minClients(),
                time(request.getGatherSeconds(), SessionSettings.GATHER),
                time(request.getRoundSeconds(), SessionSettings.ROUND),
                count("enough", request.getEnough()),
                request.getOnlyList(),
                request.hasSeed() ? OptionalLong.of(request.getSeed()) : OptionalLong.empty(),
                request.getTestData().isEmpty() ? Optional.empty() : Optional.of(section(request.getTestData())));
        requireFits(prepared, settings);
        return settings;
    }

    /** What client-level privacy does not allow is said now, not when the clients have come. */
    private void requireFits(Prepared prepared, SessionSettings settings) {
        SessionPackage read = packages.open(prepared.digest());
        if (read.terms().path("privacy").hasNonNull("client-level")) {
            settings.requireFits(read.terms(settings.clients()).plan(), settings.clients());
        }
    }

    private static int count(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + Integer.toUnsignedLong(value) + ", which is too many");
        }
        return value;
    }

    private static Duration time(int seconds, Duration otherwise) {
        return seconds == 0 ? otherwise : Duration.ofSeconds(Integer.toUnsignedLong(seconds));
    }

    private static ObjectNode section(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            if (tree instanceof ObjectNode section) {
                return section;
            }
        } catch (JsonProcessingException e) {
            // Said below.
        }
        throw new IllegalArgumentException("test data: it must be a section 'data' of an experiment, as JSON");
    }
}
