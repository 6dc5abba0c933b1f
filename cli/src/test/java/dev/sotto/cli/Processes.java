package dev.sotto.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** Sotto commands as processes of their own. */
final class Processes {
    /** Whoever runs the tests in the background may have them ignore Ctrl-C, and what they start inherits that. */
    private static final List<String> HEEDING_INTERRUPTS = heedingInterrupts();

    private Processes() {}

    private static List<String> heedingInterrupts() {
        List<String> prefix = List.of("env", "--default-signal=INT");
        try {
            Process probe = new ProcessBuilder(prefix.get(0), prefix.get(1), "true").start();
            return probe.waitFor() == 0 ? prefix : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Starts one, with this virtual machine's settings; what it says goes to files in the folder. */
    static Process sotto(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(HEEDING_INTERRUPTS);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> Stream.of("--add-modules", "--enable-native-access", "-XX:")
                        .anyMatch(flag::startsWith))
                .forEach(command::add);
        command.addAll(List.of("-Xmx768m", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(Arrays.asList(arguments));
        String name = String.join("-", Arrays.asList(arguments).subList(0, Math.min(2, arguments.length)))
                .replaceAll("[^A-Za-z0-9-]", "");
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".out").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".err").toFile()))
                .start();
    }

    /**
     * A port for a process that must be told one. Not of those that systems give to whoever asks for any: it might be given away
     * again before the process has it.
     */
    static int freePort() throws IOException {
        for (; ; ) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Another one.
            }
        }
    }

    static void await(BooleanSupplier condition, int seconds) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within " + seconds + " s");
            }
            Thread.sleep(100);
        }
    }

    /**
     * Waits for an end as long as something moves towards it. How long all of it takes depends on what else the machine does;
     * what stands still for so long never ends.
     *
     * @param progress grows with each step towards the end
     * @param seconds that a step may take
     */
    static void awaitWhileMoving(BooleanSupplier end, IntSupplier progress, int seconds) throws InterruptedException {
        int furthest = progress.getAsInt();
        for (long moved = System.nanoTime(); !end.getAsBoolean(); Thread.sleep(100)) {
            int now = progress.getAsInt();
            if (now > furthest) {
                furthest = now;
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > TimeUnit.SECONDS.toNanos(seconds)) {
                throw new AssertionError("nothing moves: at " + now + " for " + seconds + " s");
            }
        }
    }
}
