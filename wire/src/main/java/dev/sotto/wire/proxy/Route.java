package dev.sotto.wire.proxy;

import java.util.Optional;

/**
 * How a connection is made.
 *
 * @param proxy that it goes through; empty to connect directly
 * @param why one line, such as {@code https_proxy is http://proxy:3128}
 */
public record Route(Optional<HttpProxy> proxy, String why) {
    @Override
    public String toString() {
        return proxy.map(through -> "through proxy " + through.host() + ":" + through.port())
                        .orElse("directly") + " (" + why + ")";
    }
}
