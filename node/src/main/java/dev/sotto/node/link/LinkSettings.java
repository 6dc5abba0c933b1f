package dev.sotto.node.link;

import dev.sotto.wire.Address;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.TlsIdentity;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * How a node reaches its coordinator.
 *
 * @param identity its certificate chain and key
 * @param authority whom it trusts, and nobody else
 * @param cache folder for downloads
 * @param mostCacheBytes what is downloaded there and longest unused goes when there is more
 * @param version of the node, as the coordinator shows it
 * @param engine that it trains with
 * @param firstRetry wait after the first break, which doubles with each one that follows
 * @param mostRetry wait that it does not double beyond
 * @param stall a transfer that has moved nothing for so long is begun anew where it stands
 */
public record LinkSettings(
        Address address,
        TlsIdentity identity,
        X509Certificate authority,
        ProxyRules proxies,
        Path cache,
        long mostCacheBytes,
        String version,
        String engine,
        Duration firstRetry,
        Duration mostRetry,
        Duration stall) {

    /** The usual: retries from half a second to a minute, 30 s for what stalls, and a cache of 4 GiB. */
    public static LinkSettings of(
            Address address,
            TlsIdentity identity,
            X509Certificate authority,
            ProxyRules proxies,
            Path cache,
            String version,
            String engine) {
        return new LinkSettings(
                address,
                identity,
                authority,
                proxies,
                cache,
                4L << 30,
                version,
                engine,
                Duration.ofMillis(500),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30));
    }
}
