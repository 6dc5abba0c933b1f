package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of real processes, by hand. */
@Tag("system")
@Timeout(600)
final class RenewLiveTest {
    private static final String YAML = """
            data-set: rows-a
            data: {source: generated, kind: classification, train: 100}
            """;

    @TempDir
    private Path folder;

    private static String finding(Sotto doctor, String what) {
        for (JsonNode each : doctor.json().path("findings")) {
            if (each.path("what").asText().equals(what)) {
                return each.path("verdict").asText() + ": " + each.path("text").asText();
            }
        }
        throw new AssertionError("doctor says nothing of " + what + ": " + doctor.out());
    }

    /** At the data owner's there is no coordinator's file. */
    private Sotto asNode(String home) {
        return Sotto.run(
                "doctor",
                "--json",
                "--home",
                home,
                "--coordinator",
                folder.resolve("none.yaml").toString());
    }

    private static String serial(LiveFederation federation) {
        return federation
                .answer("client", "list")
                .path("clients")
                .get(0)
                .path("certificate")
                .asText();
    }

    private static boolean connected(LiveFederation federation) {
        return federation
                .answer("client", "list")
                .path("clients")
                .get(0)
                .path("state")
                .asText()
                .equals("connected");
    }

    @Test
    void aNodeGetsAnotherCertificateByHandAndWithATokenAfterItWasRevoked() throws Exception {
        try (LiveFederation federation = new LiveFederation(folder, Optional.empty())) {
            federation.node("ward", YAML);
            String home = federation.home("ward").toString();
            Processes.await(() -> connected(federation), 120);
            Sotto taken = Sotto.run("node", "renew", "--home", home);
            assertThat(taken.status()).as(taken.err()).isEqualTo(2);
            assertThat(taken.last()).contains("another node runs with this home");
            Sotto doctor = federation.ask("doctor", "--home", home);
            assertThat(finding(doctor, "node ward"))
                    .startsWith("ok: valid until ")
                    .endsWith(", 364 days left");
            assertThat(finding(doctor, "certificate")).startsWith("ok: ").endsWith(", 729 days left");
            assertThat(finding(doctor, "authority")).startsWith("ok: ").endsWith(" days left");
            assertThat(finding(doctor, "clients"))
                    .isEqualTo("ok: 1, none with a certificate that is over within 30 days");

            assertThat(finding(asNode(home), "coordinator"))
                    .startsWith("ok: localhost:")
                    .contains(" lets node ward in; ");

            federation.stop(List.of("ward"));
            String first = serial(federation);
            Sotto renewed = Sotto.run("node", "renew", "--home", home);
            assertThat(renewed.status()).as(renewed.err()).isZero();
            assertThat(renewed.out()).contains("node ward has a new key and certificate, valid until ");
            String second = serial(federation);
            assertThat(second).isNotEqualTo(first);
            federation.start("ward");
            Processes.await(() -> connected(federation), 120);

            federation.answer("client", "revoke", "ward", "--reason", "laptop lost");
            Processes.await(() -> !federation.alive("ward"), 60);
            assertThat(finding(asNode(home), "coordinator"))
                    .startsWith("wrong: localhost:")
                    .contains(" does not let node ward in: ", "unknown, over or revoked");
            Sotto shut = Sotto.run("node", "renew", "--home", home);
            assertThat(shut.status()).isNotZero();
            assertThat(shut.last()).contains("unknown, over or revoked");
            String token = federation
                    .answer("coordinator", "token", "ward")
                    .path("token")
                    .asText();
            Sotto again = Sotto.run("node", "renew", token, "--home", home);
            assertThat(again.status()).as(again.err()).isZero();
            federation.start("ward");
            Processes.await(() -> connected(federation), 120);
            assertThat(federation.stop(federation.names())).isEmpty();
        }
    }
}
