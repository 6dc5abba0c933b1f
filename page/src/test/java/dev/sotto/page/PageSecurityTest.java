package dev.sotto.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.page.Visitor.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Who reaches the owner's page")
class PageSecurityTest {
    private static final String PENDING = "Waiting for you";

    @TempDir
    private Path home;

    private TestOwner owner;
    private Request request;
    private Visitor visitor;

    @BeforeEach
    void open() throws Exception {
        owner = new TestOwner(home);
        request = owner.ask("s-17");
        visitor = new Visitor(owner.page().address());
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
    }

    private String path() {
        return "requests/" + request.id();
    }

    private Map<String, String> approval(String proof) {
        return Map.of("proof", proof, "rounds", "3", "epsilon", "2", "days", "30");
    }

    private void assertNothingChanged(Answer refused, int status) {
        assertThat(refused.status()).isEqualTo(status);
        assertThat(owner.decision(request)).isInstanceOf(Decision.Pending.class);
        assertThat(owner.owner().requests().history()).isEmpty();
    }

    @Test
    void nobodySeesAnythingWithoutComingIn() throws IOException {
        for (String within : List.of("", "ledger", "decisions", "activity", path(), "nowhere")) {
            Answer answer = visitor.get(within);
            assertThat(answer.status()).as(within).isEqualTo(401);
            assertThat(answer.body())
                    .contains("page-address")
                    .doesNotContain(PENDING, "hospital-3", TestOwner.COORDINATOR, TestOwner.DATA_SET);
        }
        assertNothingChanged(visitor.post(path() + "/approve", approval("")), 401);
    }

    @Test
    void theAddressIsGoodForOnceAndTheFileHoldsTheNext() throws IOException {
        Path file = home.resolve("page-address");
        assertThat(Files.readString(file).strip()).isEqualTo(owner.page().address());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Answer entered = visitor.enter();
        assertThat(entered.status()).isEqualTo(303);
        assertThat(entered.header("Location")).singleElement().asString().endsWith(visitor.root());
        assertThat(entered.header("Set-Cookie"))
                .singleElement()
                .asString()
                .contains("; HttpOnly", "; SameSite=Strict", "; Path=" + visitor.root())
                .doesNotContain("Domain");
        assertThat(visitor.get("").body()).contains(PENDING);

        assertThat(visitor.enter().status()).isEqualTo(401);
        Visitor next = new Visitor(Files.readString(file).strip());
        assertThat(next.enter().status()).isEqualTo(303);
        assertThat(next.get("").status()).isEqualTo(200);
        owner.page().close();
        assertThat(file).doesNotExist();
    }

    @Test
    void aWrongTokenOrCookieOpensNothing() throws IOException {
        String address = owner.page().address();
        for (String wrong : List.of(
                address.substring(0, address.length() - 1),
                address.replaceFirst("token=.*", "token="),
                address.replaceFirst("\\?.*", ""))) {
            Visitor stranger = new Visitor(wrong);
            Answer answer = stranger.enter();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
        Answer forged = visitor.send("GET", visitor.root(), List.of("Cookie: sotto-page=" + "A".repeat(43)), "");
        assertThat(forged.status()).isEqualTo(401);
        assertThat(visitor.enter().status()).isEqualTo(303);
    }

    @Test
    void aBrowserThatLooksAheadDoesNotUseTheTokenUp() throws IOException {
        URI address = URI.create(owner.page().address());
        String path = address.getPath() + "?" + address.getQuery();
        assertThat(visitor.send("HEAD", path, List.of(), "").header("Set-Cookie"))
                .isEmpty();
        assertThat(visitor.send("GET", path, List.of("Sec-Purpose: prefetch;prerender"), "")
                        .status())
                .isEqualTo(401);
        assertThat(visitor.enter().status()).isEqualTo(303);
    }

    @Test
    void aNameThatWasMadeToPointHereIsRefused() throws IOException {
        visitor.enter();
        int port = URI.create(owner.page().address()).getPort();
        assertThat(visitor.named("localhost:" + port).get("").status()).isEqualTo(200);
        for (String foreign : List.of(
                "attacker.example:" + port,
                "127.0.0.1",
                "127.0.0.1:" + (port ^ 1),
                "127.0.0.1.attacker.example:" + port,
                "[::1]:" + port)) {
            Answer answer = visitor.named(foreign).get("");
            assertThat(answer.status()).as(foreign).isEqualTo(421);
            assertThat(answer.body()).doesNotContain(PENDING);
        }
        assertNothingChanged(visitor.named("attacker.example:" + port).post(path() + "/approve", approval("x")), 421);
    }

    @Test
    void whoDoesNotKnowWhereThePageLiesDoesNotLearnIt() throws IOException {
        String secret = visitor.root().replace("/", "");
        for (String elsewhere : List.of("/", "/favicon.ico", "/login", "/page.css", "//", "/..;/")) {
            Answer answer = visitor.send("GET", elsewhere, List.of(), "");
            assertThat(answer.status()).as(elsewhere).isIn(400, 404);
            assertThat(answer.body() + answer.headers()).doesNotContain(secret).doesNotContain("hospital");
        }
        Answer foreign = visitor.named("attacker.example").send("GET", "/", List.of(), "");
        assertThat(foreign.body() + foreign.headers()).doesNotContain(secret);
    }

    @Test
    void everyAnswerForbidsWhatThePageDoesNotNeed() throws IOException {
        List<Answer> answers = new ArrayList<>(List.of(visitor.get(""), visitor.get("page.css"), visitor.enter()));
        for (String within : List.of("", "ledger", "decisions", "activity", path(), "page.js", "icon.svg", "nowhere")) {
            answers.add(visitor.get(within));
        }
        answers.add(visitor.send("GET", "/", List.of(), ""));
        answers.add(visitor.post(path() + "/approve", Map.of()));
        for (Answer answer : answers) {
            assertThat(answer.header("Content-Security-Policy"))
                    .singleElement()
                    .asString()
                    .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
                    .doesNotContain("unsafe", "http", "*");
            assertThat(answer.header("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(answer.header("X-Frame-Options")).containsExactly("DENY");
            assertThat(answer.header("Cache-Control")).containsExactly("no-store");
            assertThat(answer.header("Referrer-Policy")).containsExactly("same-origin");
            assertThat(answer.header("Server")).isEmpty();
            assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(answer.body()).doesNotContain("<style", " style=", "onclick", "javascript:");
            assertThat(answer.body()
                            .replaceAll("<script src=\"" + visitor.root() + "page.js\" defer=\"\"></script>", ""))
                    .doesNotContain("<script");
        }
    }

    @Test
    void aFormMustShowTheProofOfItsOwnVisit() throws IOException {
        visitor.enter();
        Visitor other = new Visitor(owner.page().address());
        other.enter();
        String stolen = other.get(path()).proof();
        assertNothingChanged(visitor.post(path() + "/approve", approval("")), 403);
        assertNothingChanged(visitor.post(path() + "/approve", approval(stolen)), 403);
        assertNothingChanged(
                visitor.post(path() + "/approve", Map.of("rounds", "3", "epsilon", "2", "days", "30")), 403);
        assertNothingChanged(visitor.post(path() + "/reject", Map.of("reason", "no")), 403);
        String proof = visitor.get(path()).proof();
        assertThat(visitor.post(path() + "/approve", approval(proof)).status()).isEqualTo(303);
        assertThat(owner.decision(request)).isInstanceOf(Decision.Approved.class);
    }

    @Test
    void anotherSiteCannotSendAFormEvenWithTheProof() throws IOException {
        visitor.enter();
        Map<String, String> form = approval(visitor.get(path()).proof());
        int port = URI.create(owner.page().address()).getPort();
        for (String header : List.of(
                "Origin: https://attacker.example",
                "Origin: null",
                "Origin: http://127.0.0.1:" + (port ^ 1),
                "Origin: https://127.0.0.1:" + port,
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: none")) {
            assertNothingChanged(visitor.post(path() + "/approve", form, List.of(header)), 403);
        }
        for (String method : List.of("GET", "PUT", "DELETE", "PATCH")) {
            Answer answer = visitor.send(method, visitor.root() + path() + "/approve", List.of(), "");
            assertThat(answer.status()).as(method).isBetween(400, 499);
            assertThat(owner.decision(request)).isInstanceOf(Decision.Pending.class);
        }
    }

    @Test
    void tooMuchIsNotRead() throws IOException {
        visitor.enter();
        String proof = visitor.get(path()).proof();
        Answer answer = visitor.post(path() + "/reject", Map.of("proof", proof, "reason", "a".repeat(1 << 17)));
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(owner.decision(request)).isInstanceOf(Decision.Pending.class);
    }

    @Test
    void whoLeavesMustComeInAnew() throws IOException {
        visitor.enter();
        String proof = visitor.get("").proof();
        Answer left = visitor.post("leave", Map.of("proof", proof));
        assertThat(left.status()).isEqualTo(200);
        assertThat(left.header("Set-Cookie")).singleElement().asString().contains("Max-Age=0");
        assertThat(visitor.get("").status()).isEqualTo(401);
    }

    @Test
    void onlyThisMachineReachesIt() throws Exception {
        int port = URI.create(owner.page().address()).getPort();
        List<InetAddress> others = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.2")));
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .forEach(others::add);
        for (InetAddress other : others) {
            assertThatThrownBy(() -> new Socket(other, port).close())
                    .as(other.toString())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() {
        int port = URI.create(owner.page().address()).getPort();
        OwnersPage.Subject subject = new OwnersPage.Subject("other", owner.owner(), owner.activity(), home);
        assertThatThrownBy(() -> OwnersPage.open(subject, port))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--ui-port " + port
                        + ": another program listens there; give another port, or 0 for any that" + " is free");
        assertThat(home.resolve("page-address")).exists();
    }
}
