package dev.sotto.cli;

import dev.sotto.experiment.run.SavedRun;
import dev.sotto.formats.ShellWord;
import dev.sotto.simulation.sweep.SweepDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Tells, when a command that trains is interrupted (Ctrl-C, SIGTERM), where it stands, what is kept and how it goes on. There is
 * nothing to save then: what is needed to go on is on disk at any time.
 */
final class Interruption implements AutoCloseable {
    static final String QUICKSTART =
            "stopped; its coordinator and nodes end with it and nothing is kept, and the same command begins again";

    private final Console console;
    private final Supplier<String> text;
    private final Thread hook = new Thread(this::tell, "interruption");

    /** Says that text then. */
    Interruption(Console console, Supplier<String> text) {
        this.console = console;
        this.text = text;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Interruption ofRun(Path directory, RunProgress progress, Console console) {
        return new Interruption(console, () -> run(progress.fallSilent(), SavedRun.round(directory), directory));
    }

    static Interruption ofSweep(Path directory, SweepProgress progress, int runs, Console console) {
        return new Interruption(console, () -> sweep(progress.fallSilent(), runs, directory));
    }

    private void tell() {
        console.lastRemark(text.get());
    }

    /** A round may be on disk before it is told, and told without being on disk where losing it costs time alone. */
    static String run(int told, OptionalInt saved, Path directory) {
        int finished = Math.max(told, saved.orElse(0));
        String stopped = finished == 0 ? "stopped before a round was finished" : "stopped after round " + finished;
        if (saved.isEmpty()) {
            return stopped;
        }
        String from = saved.getAsInt() < finished ? " after round " + saved.getAsInt() + ", the last one saved," : "";
        return stopped + "; go on" + from + " with: sotto run --resume " + ShellWord.of(directory);
    }

    /** Finished runs are kept, and those under way go on from their last round. */
    static String sweep(int finished, int runs, Path directory) {
        String stopped = "stopped after " + finished + " of " + runs + " runs";
        return Files.isRegularFile(directory.resolve(SweepDirectory.DEFINITION))
                ? stopped + "; go on with: sotto sweep --resume " + ShellWord.of(directory)
                : stopped;
    }

    /** What a row's training came to is nowhere but in its table. */
    static String comparison(String row) {
        return "stopped while training: " + row + "; nothing is kept, and the same command begins again";
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }
}
