package dev.sotto.node.link;

import dev.sotto.wire.ByteSource;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.ArrivedRequest;
import dev.sotto.wire.v1.ArrivedResponse;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.UpdateHeader;
import dev.sotto.wire.v1.WorkGrpc;
import dev.sotto.wire.v1.WorkGrpc.WorkStub;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One update on its way to the coordinator. */
final class Delivering implements Persistence.Attempt<Receipt> {
    private static final int ASK_SECONDS = 30;

    private final Channel channel;
    private final SignedUpdate update;
    private final UpdateHeader header;
    private final ByteSource bytes;
    private final BooleanSupplier wanted;
    private final Duration stall;
    private long furthest;

    Delivering(Channel channel, SignedUpdate update, ByteSource bytes, BooleanSupplier wanted, Duration stall)
            throws IOException {
        this.channel = channel;
        this.update = update;
        this.header = UpdateHeader.parseFrom(update.getHeader());
        this.bytes = bytes;
        this.wanted = wanted;
        this.stall = stall;
        if (header.getVector().getSize() != bytes.size()) {
            throw new IOException("the update's header speaks of "
                    + header.getVector().getSize() + " bytes, and there are " + bytes.size());
        }
    }

    @Override
    public long moved() {
        return furthest;
    }

    @Override
    public Receipt run() throws IOException {
        long arrived = turn();
        if (arrived < 0 || arrived > bytes.size()) {
            throw new LinkRefusedException(
                    "the coordinator says that " + arrived + " of " + bytes.size() + " bytes have arrived", null);
        }
        furthest = Math.max(furthest, arrived);
        Sending sending = new Sending();
        WorkStub work = WorkGrpc.newStub(channel);
        work.deliver(sending);
        try {
            Receipt receipt = sending.send(arrived);
            if (!receipt.getCounted() && receipt.getAgain()) {
                throw new IOException("the update was not taken: " + receipt.getReason());
            }
            return receipt;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } finally {
            sending.cancel();
        }
    }

    private void requireWanted() throws LinkRefusedException {
        if (!wanted.getAsBoolean()) {
            throw new LinkRefusedException("the update is wanted no more", null);
        }
    }

    /** Waits for it; gives how much has arrived. */
    private long turn() throws IOException {
        ArrivedRequest request = ArrivedRequest.newBuilder()
                .setTask(header.getTask())
                .setSha256(header.getVector().getSha256())
                .build();
        ArrivedResponse response;
        do {
            requireWanted();
            response = WorkGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ASK_SECONDS, TimeUnit.SECONDS)
                    .arrived(request);
        } while (response.getLater());
        return response.getBytes();
    }

    /** The call: the caller's thread sends when the connection takes more, and waits for the receipt. */
    private final class Sending implements ClientResponseObserver<DeliverPart, Receipt> {
        private ClientCallStreamObserver<DeliverPart> out;
        private Optional<Receipt> receipt = Optional.empty();
        private Optional<Throwable> failure = Optional.empty();
        private boolean over;

        @Override
        public void beforeStart(ClientCallStreamObserver<DeliverPart> stream) {
            out = stream;
            stream.setOnReadyHandler(this::wake);
        }

        private synchronized void wake() {
            notifyAll();
        }

        @Override
        public synchronized void onNext(Receipt answer) {
            receipt = Optional.of(answer);
            notifyAll();
        }

        @Override
        public synchronized void onError(Throwable broken) {
            failure = Optional.of(broken);
            over = true;
            notifyAll();
        }

        @Override
        public synchronized void onCompleted() {
            over = true;
            notifyAll();
        }

        Receipt send(long from) throws IOException, InterruptedException {
            out.onNext(DeliverPart.newBuilder().setHeader(update).build());
            for (long at = from; at < bytes.size() && writable(); ) {
                requireWanted();
                DeliverPart part =
                        DeliverPart.newBuilder().setChunk(Chunks.of(bytes, at)).build();
                out.onNext(part);
                at += part.getChunk().getData().size();
            }
            return finish();
        }

        /** Waits until more can be sent; false if the answer is there already. */
        private synchronized boolean writable() throws InterruptedException {
            long deadline = System.nanoTime() + stall.toNanos();
            while (!out.isReady() && !over && receipt.isEmpty()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw stalled();
                }
                wait(left);
            }
            return !over && receipt.isEmpty();
        }

        private synchronized Receipt finish() throws InterruptedException {
            if (!over && receipt.isEmpty()) {
                out.onCompleted();
            }
            // It is answered when it has been counted, which waits for those before it; a dead connection shows itself.
            while (!over && receipt.isEmpty()) {
                wait();
            }
            if (receipt.isPresent()) {
                return receipt.get();
            }
            throw failure.map(Status::fromThrowable).orElse(Status.UNAVAILABLE).asRuntimeException();
        }

        private StatusRuntimeException stalled() {
            return Status.UNAVAILABLE
                    .withDescription("nothing moved for too long")
                    .asRuntimeException();
        }

        /** Ends the call if it has not ended. */
        synchronized void cancel() {
            if (!over) {
                out.cancel("given up", null);
            }
        }
    }
}
