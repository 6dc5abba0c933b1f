package dev.sotto.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Sotto commands as processes of their own, with this JVM's java, flags and classes. All of them end with this process, however
 * it ends: asked first, then made to.
 */
final class Children implements AutoCloseable {
    private static final long SECONDS_TO_LEAVE = 15;
    /** Of this JVM's flags those that a child gets; its memory is another. */
    private static final List<String> HANDED_ON = List.of("--add-modules", "--enable-native-access", "-XX:", "-Xshare");

    private final Path logs;
    private final String memory;
    private final Map<String, Process> running = new LinkedHashMap<>();
    private final Thread hook;
    private boolean closing;

    /**
     * None yet.
     *
     * @param logs folder for what each says on standard error, {@code NAME.log}
     * @param memory the most heap of each, as the JVM takes it
     * @param left is run after they were stopped because this process ends
     */
    Children(Path logs, String memory, Runnable left) {
        this.logs = logs;
        this.memory = memory;
        this.hook = new Thread(
                () -> {
                    stopAll();
                    left.run();
                },
                "stop-children");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts one that stays. */
    Process start(String name, String... arguments) throws IOException {
        synchronized (this) {
            if (closing) {
                throw new IllegalStateException("interrupted");
            }
            Process process = launch(name, arguments);
            running.put(name, process);
            return process;
        }
    }

    private Process launch(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(handedOn(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        command.addAll(List.of("-Xmx" + memory, "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    static List<String> handedOn(List<String> flags) {
        return flags.stream()
                .filter(flag -> HANDED_ON.stream().anyMatch(flag::startsWith))
                .toList();
    }

    private Path log(String name) {
        return logs.resolve(name + ".log");
    }

    /** Runs one to its end and gives what it printed. */
    String run(String name, String... arguments) throws IOException, InterruptedException {
        Process process = start(name, arguments);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        synchronized (this) {
            running.remove(name, process);
        }
        if (status != 0) {
            throw new IllegalStateException(
                    name + ": " + String.join(" ", firstTwo(arguments)) + " failed: " + last(name));
        }
        return said;
    }

    private static List<String> firstTwo(String... arguments) {
        return Stream.of(arguments).limit(2).toList();
    }

    /** The first line that one prints on standard output; what it prints later is read and dropped. */
    String firstLine(String name, Process process) throws IOException {
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        String line = reader.readLine();
        if (line == null) {
            throw new IllegalStateException(name + " ended before it was ready: " + last(name));
        }
        drain(name, reader);
        return line;
    }

    /** Reads and drops what one prints on standard output. */
    void drain(String name, Process process) {
        drain(name, process.inputReader(StandardCharsets.UTF_8));
    }

    private static void drain(String name, BufferedReader reader) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (reader.readLine() != null) {
                            // Its log has what matters.
                        }
                    } catch (IOException e) {
                        // It has ended.
                    }
                },
                "drain-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The last line of a child's log, which says why it failed. */
    String last(String name) {
        try {
            return Files.readAllLines(log(name)).stream()
                    .filter(line -> !line.isBlank())
                    .reduce("no reason given", (earlier, later) -> later);
        } catch (IOException e) {
            return "no reason given";
        }
    }

    /** Who has ended although it was to stay. */
    synchronized List<String> ended() {
        return running.entrySet().stream()
                .filter(child -> !child.getValue().isAlive())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void stopAll() {
        List<Process> all;
        synchronized (this) {
            closing = true;
            all = new ArrayList<>(running.values());
            running.clear();
        }
        all.forEach(Process::destroy);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_LEAVE);
        for (Process process : all) {
            try {
                if (!process.waitFor(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs.
        }
    }
}
