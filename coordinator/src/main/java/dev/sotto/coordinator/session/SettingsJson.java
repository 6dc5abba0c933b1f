package dev.sotto.coordinator.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A session's settings as the database keeps them; the seed has a place of its own there. */
record SettingsJson(
        int clients,
        int minClients,
        long gatherMillis,
        long roundMillis,
        int enough,
        List<String> only,
        Optional<ObjectNode> testData) {
    static String write(SessionSettings settings) {
        return Exact.text(new SettingsJson(
                settings.clients(),
                settings.minClients(),
                settings.gather().toMillis(),
                settings.round().toMillis(),
                settings.enough(),
                settings.only(),
                settings.testData()));
    }

    static SessionSettings read(String text, OptionalLong seed) {
        SettingsJson read = Exact.parse(text, SettingsJson.class);
        return new SessionSettings(
                read.clients(),
                read.minClients(),
                Duration.ofMillis(read.gatherMillis()),
                Duration.ofMillis(read.roundMillis()),
                read.enough(),
                read.only(),
                seed,
                read.testData());
    }
}
