package dev.sotto.cli;

import dev.sotto.experiment.run.SavedRun;
import dev.sotto.formats.ShellWord;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Tells, when a run is interrupted (Ctrl-C, SIGTERM), where it stands and how it goes on. There is nothing to save then:
 * what an interrupted run needs is on disk at any time.
 */
final class Interruption implements AutoCloseable {
    private final Path directory;
    private final RunProgress progress;
    private final Console console;
    private final Thread hook = new Thread(this::tell, "interruption");

    Interruption(Path directory, RunProgress progress, Console console) {
        this.directory = directory;
        this.progress = progress;
        this.console = console;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void tell() {
        int told = progress.fallSilent();
        console.remark(text(told, SavedRun.round(directory), directory));
    }

    /** A round may be on disk before it is told, and told without being on disk where losing it costs time alone. */
    static String text(int told, OptionalInt saved, Path directory) {
        int finished = Math.max(told, saved.orElse(0));
        String stopped = finished == 0 ? "stopped before a round was finished" : "stopped after round " + finished;
        if (saved.isEmpty()) {
            return stopped;
        }
        String from = saved.getAsInt() < finished ? " after round " + saved.getAsInt() + ", the last one saved," : "";
        return stopped + "; go on" + from + " with: sotto run --resume " + ShellWord.of(directory);
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
