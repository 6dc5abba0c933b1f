package dev.sotto.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a coordinator listens.
 *
 * @param host name or number; an IPv6 number without brackets
 * @param port from 1
 */
public record Address(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");

    /** Checks the port. */
    public Address {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + "; it must be 1 to 65535");
        }
    }

    /** Reads {@code host:port} or {@code [IPv6]:port}. */
    public static Address parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no address; write host:port or [IPv6]:port");
        }
        String host = form.group(1) != null ? form.group(1) : form.group(2);
        return new Address(host, Integer.parseInt(form.group(3)));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
