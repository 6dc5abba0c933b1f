package dev.sotto.benchmarks.load;

import dev.sotto.coordinator.OperatorFile;
import dev.sotto.wire.Address;
import dev.sotto.wire.Channels;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.v1.OperatorGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A coordinator's administrator. */
final class OperatorCalls implements AutoCloseable {
    private final ManagedChannel channel;
    private final Metadata headers = new Metadata();

    OperatorCalls(Path file) throws IOException {
        OperatorFile operator = OperatorFile.read(file);
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + operator.token());
        channel = Channels.open(
                Address.parse(operator.address()),
                Tls.trusting(Pem.certificates(operator.authority()).get(0)),
                ProxyRules.of(Map.of()));
    }

    OperatorGrpc.OperatorBlockingStub ask() {
        return OperatorGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    OperatorGrpc.OperatorStub asynchronous() {
        return OperatorGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
