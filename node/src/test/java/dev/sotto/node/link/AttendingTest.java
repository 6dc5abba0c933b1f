package dev.sotto.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.wire.Address;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.v1.Alive;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.Withdraw;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other threads do while a connection is about to begin: training goes on meanwhile, and tells how far it is. */
@Timeout(60)
@DisplayName("A connection that begins")
class AttendingTest {
    private static final FromNode WORD =
            FromNode.newBuilder().setAlive(Alive.getDefaultInstance()).build();

    /** Nobody listens at that port, as where a coordinator is down. */
    private final ManagedChannel nobody = Grpc.newChannelBuilder("127.0.0.1:1", InsecureChannelCredentials.create())
            .build();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Attending attending = attending();

    /** All that a connection needs to know; who it is shows in the channel. */
    private Attending attending() {
        LinkSettings settings = LinkSettings.of(
                new Address("127.0.0.1", 1), null, null, ProxyRules.of(Map.of()), Path.of(""), "test", "jvm");
        return new Attending(settings, new Silent(), timer);
    }

    /** The first call of a channel is put off until addresses are known; those after it are made at once. */
    @BeforeEach
    void findNobody() throws InterruptedException {
        Attending first = attending();
        first.begin(WorkGrpc.newStub(nobody));
        first.await();
    }

    private static final class Silent implements Handler {
        @Override
        public List<String> sessions() {
            return List.of();
        }

        @Override
        public void offer(Offer offer) {}

        @Override
        public void task(Task task) {}

        @Override
        public void withdraw(Withdraw withdraw) {}

        @Override
        public void over(SessionOver over) {}
    }

    @AfterEach
    void stop() {
        attending.close();
        nobody.shutdownNow();
        timer.shutdownNow();
    }

    /** Begins, and does something before the call is made, before it is started, and when it has been. */
    private void begin(Runnable meanwhile) {
        attending.begin(WorkGrpc.newStub(nobody).withInterceptors(new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                meanwhile.run();
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<A> listener, Metadata headers) {
                        meanwhile.run();
                        super.start(listener, headers);
                        meanwhile.run();
                    }
                };
            }
        }));
    }

    @Test
    void saysNothingBeforeItsHelloAndFailsNobodyWhoTries() throws Exception {
        List<Boolean> said = new ArrayList<>();
        begin(() -> said.add(attending.send(WORD)));
        assertThat(said).containsExactly(false, false, false);
        assertThat(attending.await().refused()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void canBeClosedBeforeItHasBegun(int moment) throws Exception {
        AtomicInteger moments = new AtomicInteger();
        begin(() -> {
            if (moments.incrementAndGet() == moment) {
                attending.close();
            }
        });
        assertThat(attending.await().reason()).isEqualTo("closed");
        assertThat(attending.send(WORD)).isFalse();
    }
}
