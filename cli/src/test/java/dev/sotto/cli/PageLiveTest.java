package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An owner decides on the page of a node that runs: a coordinator and a node as processes. */
@Tag("system")
@Timeout(600)
final class PageLiveTest {
    private static final String DATA = "source: generated, train: 2000, test: 200, clients: 1, features: 16";
    private static final String EXPERIMENT = """
            name: asked
            data: {%s}
            model: logistic
            rounds: 3
            client: {batch-size: 100, epochs: 1}
            privacy:
              example-level: {epsilon: 8, delta: 1e-4}
            """;
    private static final String NODE = """
            data-set: rows
            data: {%s, client: 0}
            policy: {total: {epsilon: 20, delta: 1e-4}}
            """;

    @TempDir
    private Path folder;

    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    private String get(URI address) {
        try {
            HttpResponse<String> answer =
                    browser.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(address.toString()).isEqualTo(200);
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1);
    }

    @Test
    void aSessionGoesOnOnceItsOwnerHasApprovedItOnThePage() throws Exception {
        try (LiveFederation federation = new LiveFederation(folder, Optional.empty())) {
            federation.node("a", NODE.formatted(DATA), "--ui");
            Path said = federation.logs("a").resolve("node-start.out");
            Processes.await(() -> read(said).contains("the owner's page: "), 120);
            URI entrance = URI.create(found("the owner's page: (http://127\\.0\\.0\\.1:\\S+)", read(said)));
            assertThat(read(federation.home("a").resolve("page-address"))).isEqualTo(entrance + "\n");
            URI page = entrance.resolve(".");
            assertThat(get(entrance)).contains("Nothing waits for your decision.");

            Path file = Files.writeString(folder.resolve("asked.yaml"), EXPERIMENT.formatted(DATA));
            String session = federation
                    .answer("session", "start", file.toString(), "--clients", "1", "--min-clients", "1")
                    .path("id")
                    .asText();
            Processes.await(() -> get(page).contains("1 request waits"), 120);
            String request = found("href=\"[^\"]*/(requests/[0-9a-f]+)\"", get(page));
            String form = "rounds=3&epsilon=8&days=1&proof=" + found("name=\"proof\" value=\"([^\"]+)\"", get(page));
            HttpRequest approve = HttpRequest.newBuilder(page.resolve(request + "/approve"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Origin", page.resolve("/").toString().replaceFirst("/$", ""))
                    .POST(BodyPublishers.ofString(form))
                    .build();
            assertThat(browser.send(approve, BodyHandlers.ofString()).body()).contains("Approved. ");

            Processes.await(
                    () -> federation
                            .answer("session", "show", session)
                            .path("state")
                            .asText()
                            .equals("completed"),
                    120);
            assertThat(get(page)).contains("The last to end was round 3 of 3 of session " + session);
            assertThat(get(page.resolve("ledger"))).contains("Session " + session + " of ", "against your limit of 20");
            assertThat(federation.stop(List.of("a"))).isEmpty();
            assertThat(federation.home("a").resolve("page-address")).doesNotExist();
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPortWithoutAPageIsNoUse() {
        Sotto said = Sotto.run("node", "start", "--data", "node.yaml", "--ui-port", "8080");
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.errors()).containsExactly("sotto: --ui-port 8080: there is no page without --ui; give both");
        assertThat(Sotto.run("node", "start", "--data", "node.yaml", "--ui", "--ui-port", "70000")
                        .errors())
                .containsExactly("sotto: --ui-port 70000: it must be from 0, for any that is free, to 65535");
    }
}
