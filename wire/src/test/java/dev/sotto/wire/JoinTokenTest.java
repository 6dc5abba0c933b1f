package dev.sotto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A join token")
class JoinTokenTest {
    private static JoinToken token(String address) {
        byte[] authority = new byte[32];
        Arrays.fill(authority, (byte) 0xfb);
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 7);
        return new JoinToken(Address.parse(address), authority, secret, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8443", "coordinator.example.org:1", "[::1]:65535"})
    void survivesBeingWrittenDown(String address) {
        JoinToken token = token(address);
        JoinToken read = JoinToken.parse(" " + token.text() + "\n");
        assertThat(token.text()).matches("sotto1(\\.[A-Za-z0-9_-]+){3}");
        assertThat(read.address()).isEqualTo(token.address()).hasToString(address);
        assertThat(read.authority()).isEqualTo(token.authority());
        assertThat(read.secret()).isEqualTo(token.secret());
    }

    @Test
    void saysForWhomItIsIfItIsForSomebody() {
        JoinToken free = token("localhost:8443");
        JoinToken bound = new JoinToken(free.address(), free.authority(), free.secret(), Optional.of("ward-3"));
        assertThat(bound.text()).startsWith(free.text() + ".").matches("sotto1(\\.[A-Za-z0-9_-]+){4}");
        assertThat(JoinToken.parse(bound.text()).client()).contains("ward-3");
        assertThat(JoinToken.parse(bound.text()).secret()).isEqualTo(free.secret());
        assertThat(JoinToken.parse(free.text()).client()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2Jward", "-ward", "a b", "\u00fc"})
    void isForNobodyWhoseIdCouldNotBePrinted(String id) {
        String text = token("localhost:8443").text() + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> JoinToken.parse(text))
                .hasMessageContaining("damaged: client id is not valid")
                .hasMessageNotContaining(id);
    }

    @Test
    void neverPrintsItsSecret() {
        JoinToken token = token("localhost:8443");
        String secret = token.text().substring(token.text().lastIndexOf('.') + 1);
        assertThat(token.toString()).doesNotContain(secret);
        assertThatThrownBy(() -> JoinToken.parse("sotto2" + token.text().substring(6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(secret);
    }

    @Test
    void hasOneText() {
        String text = token("localhost:8443").text();
        int last = text.length() - 1;
        String sameBytes = text.substring(0, last) + (char) (text.charAt(last) + 1);
        assertThatThrownBy(() -> JoinToken.parse(sameBytes)).hasMessageContaining("damaged");
        assertThatThrownBy(() -> JoinToken.parse(text + "A".repeat(1000))).hasMessageContaining("no join token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sotto1", "sotto1.a.b.c", "sotto1..."})
    void isNothingElse(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text)).hasMessageContaining("no join token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "host:0", "host:65536", "a b:1", "::1:80", "host:", ":1", "http://host:1"})
    void needsAnAddress(String address) {
        assertThatThrownBy(() -> Address.parse(address)).isInstanceOf(IllegalArgumentException.class);
    }
}
