package dev.sotto.coordinator.identity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** Names and addresses that a server can be reached by, as certificates hold them. */
final class Hosts {
    private static final int MOST = 253;
    private static final Pattern NAME = Pattern.compile(
            "(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    private Hosts() {}

    /** This machine's own names, and the given ones. */
    static List<String> with(Collection<String> given) {
        Set<String> all = new LinkedHashSet<>(given);
        all.addAll(List.of("localhost", "127.0.0.1", "::1"));
        try {
            String own = InetAddress.getLocalHost().getHostName();
            if (valid(own)) {
                all.add(own);
            }
        } catch (UnknownHostException e) {
            // A machine that does not know its own name is reached by another.
        }
        return List.copyOf(all);
    }

    static boolean valid(String host) {
        return IPAddress.isValid(host)
                || (host.length() <= MOST && NAME.matcher(host).matches());
    }

    /** The one form in which hosts can be compared. */
    static String normal(String host) {
        try {
            // An address is not looked up, a name would be.
            return IPAddress.isValidIPv6(host)
                    ? InetAddress.getByName(host).getHostAddress()
                    : host.toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return host;
        }
    }

    static GeneralName[] names(Collection<String> hosts) {
        List<GeneralName> names = new ArrayList<>();
        for (String host : hosts) {
            if (!valid(host)) {
                throw new IllegalArgumentException(
                        "host is '" + host + "'; it must be a name such as sotto.example.org, or an IP address");
            }
            names.add(new GeneralName(IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return names.toArray(GeneralName[]::new);
    }
}
