package dev.sotto.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.HttpConnectProxiedSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Proxy rules")
class ProxyRulesTest {
    private static ProxyRules rules(String noProxy) {
        return ProxyRules.of(Map.of("https_proxy", "http://proxy.example:3128", "no_proxy", noProxy));
    }

    @Test
    void sayDirectlyWhereNoProxyIsSet() {
        assertThat(ProxyRules.of(Map.of()).route("far.example", 8443)).hasToString("directly (https_proxy is not set)");
        assertThat(ProxyRules.of(Map.of("https_proxy", " "))
                        .route("far.example", 8443)
                        .proxy())
                .isEmpty();
    }

    @Test
    void sendOthersThroughTheProxyAndSayWhy() {
        assertThat(rules("").route("far.example", 8443))
                .hasToString("through proxy proxy.example:3128 (https_proxy is http://proxy.example:3128)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"})
    void neverProxyLoopback(String host) {
        Route route = rules("").route(host, 8443);
        assertThat(route.proxy()).isEmpty();
        assertThat(route.why()).contains("this machine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                      | far.example        | true",
                "far.example            | far.example        | true",
                "FAR.example            | far.EXAMPLE        | true",
                "far.example            | sub.far.example    | true",
                "far.example            | notfar.example     | false",
                ".far.example           | sub.far.example    | true",
                "*.far.example          | sub.far.example    | true",
                "near.example, far.example | far.example     | true",
                "far.example:8443       | far.example        | true",
                "far.example:443        | far.example        | false",
                "10.0.0.0/8             | 10.200.3.4         | true",
                "10.0.0.0/8             | 11.0.0.1           | false",
                "10.1.2.128/25          | 10.1.2.127         | false",
                "10.1.2.128/25          | 10.1.2.129         | true",
                "10.0.0.0/8             | ten.example        | false",
                "10.0.0.0/99            | 10.0.0.1           | false",
                "10.0.0.1               | 10.0.0.1           | true",
                "fd00::/8               | fd12::1            | true",
                "fd00::/8               | fe80::1            | false",
            })
    void leaveOutWhatNoProxyNames(String noProxy, String host, boolean direct) {
        Route route = rules(noProxy).route(host, 8443);
        assertThat(route.proxy().isEmpty()).isEqualTo(direct);
        assertThat(route.why()).contains(direct ? "no_proxy" : "https_proxy");
    }

    @Test
    void preferTheLowerCaseVariableAndNameTheOneThatApplies() {
        assertThat(ProxyRules.of(Map.of("HTTPS_PROXY", "upper:1")).route("far.example", 1))
                .hasToString("through proxy upper:1 (HTTPS_PROXY is http://upper:1)");
        assertThat(ProxyRules.of(Map.of("HTTPS_PROXY", "upper:1", "https_proxy", "lower:2"))
                        .route("far.example", 1)
                        .why())
                .isEqualTo("https_proxy is http://lower:2");
        assertThat(ProxyRules.of(Map.of("https_proxy", "lower:2", "NO_PROXY", "far.example"))
                        .route("far.example", 1)
                        .why())
                .isEqualTo("NO_PROXY has 'far.example'");
    }

    @Test
    void handTheLoginToTheProxyAndNeverPrintIt() throws IOException {
        ProxyRules rules = ProxyRules.of(Map.of("https_proxy", "http://ann:s3cret@127.0.0.1:3128"));
        assertThat(rules.route("far.example", 8443).toString()).doesNotContain("s3cret");
        assertThat(rules.route("far.example", 8443).proxy().orElseThrow().toString())
                .doesNotContain("s3cret");
        HttpConnectProxiedSocketAddress through = (HttpConnectProxiedSocketAddress)
                rules.detector().proxyFor(InetSocketAddress.createUnresolved("far.example", 8443));
        assertThat(through.getUsername()).isEqualTo("ann");
        assertThat(through.getPassword()).isEqualTo("s3cret");
        assertThat(rules.detector().proxyFor(InetSocketAddress.createUnresolved("localhost", 8443)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://ann:s3cret@proxy:1", "socks5://ann:s3cret@proxy", "http://s3cret@:1", "http:// s3cret"})
    void refuseWhatIsNoHttpProxyWithoutRepeatingIt(String proxy) {
        assertThatThrownBy(() -> ProxyRules.of(Map.of("https_proxy", proxy)))
                .hasMessage("https_proxy: not the address of an HTTP proxy; valid is http://host:port")
                .hasMessageNotContaining("s3cret");
    }
}
