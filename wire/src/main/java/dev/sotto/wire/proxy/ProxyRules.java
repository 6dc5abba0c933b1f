package dev.sotto.wire.proxy;

import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ProxiedSocketAddress;
import io.grpc.ProxyDetector;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code https_proxy} and {@code no_proxy} say, in lower or upper case, the lower one first. Loopback is never proxied,
 * whatever they say. Immutable.
 */
public final class ProxyRules {
    private final Optional<HttpProxy> proxy;
    private final String proxyVariable;
    private final NoProxy except;
    private final String exceptVariable;

    private ProxyRules(Optional<HttpProxy> proxy, String proxyVariable, NoProxy except, String exceptVariable) {
        this.proxy = proxy;
        this.proxyVariable = proxyVariable;
        this.except = except;
        this.exceptVariable = exceptVariable;
    }

    /** The rules of an environment, as {@link System#getenv()} has it. */
    public static ProxyRules of(Map<String, String> environment) {
        String proxyVariable = variable(environment, "https_proxy");
        String exceptVariable = variable(environment, "no_proxy");
        String proxy = environment.getOrDefault(proxyVariable, "");
        return new ProxyRules(
                proxy.isBlank() ? Optional.empty() : Optional.of(HttpProxy.parse(proxy.strip(), proxyVariable)),
                proxyVariable,
                NoProxy.parse(environment.getOrDefault(exceptVariable, "")),
                exceptVariable);
    }

    private static String variable(Map<String, String> environment, String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return !environment.containsKey(name) && environment.containsKey(upper) ? upper : name;
    }

    /** How a host is reached, and why so. */
    public Route route(String host, int port) {
        if (proxy.isEmpty()) {
            return new Route(Optional.empty(), proxyVariable + " is not set");
        }
        if (isLoopback(host)) {
            return new Route(Optional.empty(), host + " is this machine, which no proxy serves");
        }
        return except.covering(host, port)
                .map(entry -> new Route(Optional.empty(), exceptVariable + " has '" + entry + "'"))
                .orElseGet(() -> new Route(
                        proxy,
                        proxyVariable + " is http://" + proxy.get().host() + ":"
                                + proxy.get().port()));
    }

    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        // Where a proxy is needed, names of other places may not resolve here, and asking may take long. Names of this
        // machine have no dots.
        boolean here = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host) || host.indexOf('.') < 0;
        try {
            return here && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The same for gRPC's channels. */
    public ProxyDetector detector() {
        return this::proxied;
    }

    private ProxiedSocketAddress proxied(SocketAddress target) {
        if (!(target instanceof InetSocketAddress address)) {
            return null;
        }
        Optional<HttpProxy> through =
                route(address.getHostString(), address.getPort()).proxy();
        if (through.isEmpty()) {
            return null;
        }
        HttpConnectProxiedSocketAddress.Builder builder = HttpConnectProxiedSocketAddress.newBuilder()
                .setTargetAddress(address)
                .setProxyAddress(new InetSocketAddress(
                        through.get().host(), through.get().port()));
        through.get().user().ifPresent(login -> builder.setUsername(login.name())
                .setPassword(login.password()));
        return builder.build();
    }
}
