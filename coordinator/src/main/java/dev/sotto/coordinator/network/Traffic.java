package dev.sotto.coordinator.network;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.atomic.LongAdder;

/** Bytes of all calls, both ways, as they are on the wire but for TLS; and when the last of each call came. Thread-safe. */
public final class Traffic extends ServerStreamTracer.Factory {
    /** Set in every call. */
    static final Context.Key<Call> CALL = Context.key("traffic");

    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    Traffic() {}

    /** Bytes that have come so far. */
    public long received() {
        return received.sum();
    }

    /** Bytes that have gone so far. */
    public long sent() {
        return sent.sum();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Call();
    }

    /** One call's. */
    final class Call extends ServerStreamTracer {
        private volatile long last = System.nanoTime();

        /** When its last byte was read, as {@link System#nanoTime} has it. */
        long last() {
            return last;
        }

        @Override
        public void inboundWireSize(long bytes) {
            received.add(bytes);
            last = System.nanoTime();
        }

        @Override
        public void outboundWireSize(long bytes) {
            sent.add(bytes);
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(CALL, this);
        }
    }
}
