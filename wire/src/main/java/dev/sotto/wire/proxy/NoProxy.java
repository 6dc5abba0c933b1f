package dev.sotto.wire.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The hosts of {@code no_proxy}: names, which stand for their subdomains too, numbers, blocks such as {@code 10.0.0.0/8}, or
 * {@code *} for all. An entry with a port is about that port only.
 */
record NoProxy(List<String> entries) {
    static NoProxy parse(String text) {
        return new NoProxy(Stream.of(text.split("[,\\s]+", -1))
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    /** The first entry that covers a host. */
    Optional<String> covering(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return entries.stream().filter(entry -> covers(entry, name, port)).findFirst();
    }

    private static boolean covers(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        String pattern = entry;
        int colon = entry.lastIndexOf(':');
        if (colon > 0
                && entry.indexOf(':') == colon
                && entry.substring(colon + 1).matches("[0-9]+")) {
            if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            pattern = entry.substring(0, colon);
        }
        if (pattern.indexOf('/') > 0) {
            return IpBlock.parse(pattern).map(block -> block.holds(host)).orElse(false);
        }
        String domain = pattern.startsWith("*.") ? pattern.substring(1) : pattern;
        String bare = domain.startsWith(".") ? domain.substring(1) : domain;
        return host.equals(bare) || host.endsWith("." + bare);
    }
}
