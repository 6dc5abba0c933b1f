package dev.sotto.wire;

import dev.sotto.wire.proxy.ProxyRules;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.util.concurrent.TimeUnit;

/** Connections to a coordinator: what is common to nodes and operators. */
public final class Channels {
    /** Seconds without a byte after which a connection is asked whether it is alive; coordinators permit half of it. */
    public static final int KEEP_ALIVE_SECONDS = 30;

    private static final int ANSWER_SECONDS = 15;

    private Channels() {}

    /** A channel, which connects when it is first used. */
    public static ManagedChannel open(Address address, SslContext tls, ProxyRules proxies) {
        return NettyChannelBuilder.forAddress(address.host(), address.port())
                .sslContext(tls)
                .proxyDetector(proxies.detector())
                .maxInboundMessageSize(Chunks.MOST_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                // Reconnecting is ours: a call that is not certain to be new must be looked at first.
                .disableRetry()
                .build();
    }
}
