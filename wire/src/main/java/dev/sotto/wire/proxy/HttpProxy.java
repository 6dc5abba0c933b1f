package dev.sotto.wire.proxy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * A proxy that tunnels with CONNECT.
 *
 * @param user and password for it; empty if it asks for none
 */
public record HttpProxy(String host, int port, Optional<Login> user) {
    private static final int USUAL_PORT = 80;

    /** A name and a password, never printed. */
    public record Login(String name, String password) {
        @Override
        public String toString() {
            return name + ":***";
        }
    }

    /**
     * Reads {@code http://[user:password@]host[:port]}, where the scheme may be left out.
     *
     * @param variable that it comes from, for the message
     */
    static HttpProxy parse(String text, String variable) {
        String full = text.contains("://") ? text : "http://" + text;
        try {
            URI uri = new URI(full);
            if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
                return new HttpProxy(
                        uri.getHost().replaceAll("[\\[\\]]", ""),
                        uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                        login(uri.getUserInfo()));
            }
        } catch (URISyntaxException e) {
            // Not repeated: it may hold a password.
        }
        throw new IllegalArgumentException(variable + ": not the address of an HTTP proxy; valid is http://host:port");
    }

    private static Optional<Login> login(String info) {
        if (info == null) {
            return Optional.empty();
        }
        int colon = info.indexOf(':');
        return Optional.of(
                colon < 0 ? new Login(info, "") : new Login(info.substring(0, colon), info.substring(colon + 1)));
    }
}
