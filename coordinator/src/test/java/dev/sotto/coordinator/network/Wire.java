package dev.sotto.coordinator.network;

import dev.sotto.wire.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP connection between a node and its coordinator that can be cut, and that can be slow; counts what passes. */
final class Wire implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private volatile long cutEvery = Long.MAX_VALUE;
    private volatile int bytesPerSecond = Integer.MAX_VALUE;
    private volatile boolean connectFirst;
    private final AtomicLong sinceCut = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();

    Wire(int target) throws IOException {
        this.target = target;
        thread(this::accept);
    }

    Address address() {
        return new Address("127.0.0.1", server.getLocalPort());
    }

    /** Cuts all connections each time that many bytes have passed. */
    Wire cutEvery(long bytes) {
        cutEvery = bytes;
        return this;
    }

    Wire slow(int bytes) {
        bytesPerSecond = bytes;
        return this;
    }

    /** Behaves as an HTTP proxy that tunnels, wherever it is asked to go. */
    Wire asProxy() {
        connectFirst = true;
        return this;
    }

    long up() {
        return up.get();
    }

    long down() {
        return down.get();
    }

    long cuts() {
        return cuts.get();
    }

    void cut() {
        cuts.incrementAndGet();
        sinceCut.set(0);
        List<Socket> all = List.copyOf(sockets);
        sockets.removeAll(all);
        all.forEach(Wire::close);
    }

    private static void close(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // then it is closed
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                if (connectFirst) {
                    tunnel(from);
                }
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(from);
                sockets.add(to);
                thread(() -> pump(from, to, up));
                thread(() -> pump(to, from, down));
            } catch (IOException e) {
                // the server is closed, or its target is not there yet
            }
        }
    }

    private static void tunnel(Socket from) throws IOException {
        InputStream in = from.getInputStream();
        int newlines = 0;
        while (newlines < 2) {
            int read = in.read();
            newlines = read == '\n' ? newlines + 1 : read == '\r' ? newlines : 0;
        }
        from.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private void pump(Socket from, Socket to, AtomicLong counter) {
        byte[] piece = new byte[1 << 14];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                counter.addAndGet(read);
                if (sinceCut.addAndGet(read) > cutEvery) {
                    cut();
                    return;
                }
                if (bytesPerSecond < Integer.MAX_VALUE) {
                    Thread.sleep(1000L * read / bytesPerSecond);
                }
                out.write(piece, 0, read);
            }
        } catch (IOException e) {
            // cut
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "test-wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
