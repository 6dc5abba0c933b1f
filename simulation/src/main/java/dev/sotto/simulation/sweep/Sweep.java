package dev.sotto.simulation.sweep;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.LoadedData;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.Require;
import dev.sotto.simulation.ExperimentRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the cells of a grid side by side. Runs that are over are kept, and interrupted ones go on, so that a sweep may be
 * stopped and begun again at any time; data that cells share is loaded once. A cell that fails does not stop the others.
 */
public final class Sweep {
    private final Grid grid;
    private final List<Cell> cells;
    private final DataContext context;
    private final SweepDirectory directory;
    private final LoadedData data = new LoadedData();
    private final List<Cell> open = new ArrayList<>();

    private Sweep(Grid grid, DataContext context, SweepDirectory directory) {
        this.grid = grid;
        this.cells = grid.cells();
        this.context = context;
        this.directory = directory;
    }

    /**
     * A sweep whose every cell has been read and checked, before anything runs or is written.
     *
     * @throws ConfigException naming the key that is wrong, or the cell whose directory holds another run
     */
    public static Sweep of(Grid grid, DataContext context, Path directory) {
        Sweep sweep = new Sweep(grid, context, new SweepDirectory(directory));
        sweep.cells.forEach(sweep::check);
        return sweep;
    }

    private Experiment load(Cell cell) {
        return Experiment.load(cell.file(), context, data);
    }

    private void check(Cell cell) {
        Experiment experiment = load(cell);
        if (!protects(experiment)) {
            open.add(cell);
        }
        Path path = directory.cell(cell);
        if (Files.exists(path.resolve(RunDirectory.HISTORY))) {
            RunDirectory.open(path).difference(experiment.resolved()).ifPresent(difference -> {
                throw new ConfigException("sweep directory " + directory.path() + ": " + cell.name()
                        + " was run as another experiment: " + difference + "; give another directory");
            });
        }
    }

    /** A noise multiplier of 0 clips, and protects nothing. */
    private static boolean protects(Experiment experiment) {
        int clients = experiment.clients().size();
        return experiment.plan().privacy().isPresent()
                || experiment
                        .plan()
                        .clientLevelPlan(clients)
                        .filter(across -> across.noise().value() > 0)
                        .isPresent();
    }

    /** Refuses cells that protect nothing: no epsilon would bound the choice among all. */
    public void requireAllPrivate() {
        open.stream().findFirst().ifPresent(cell -> {
            throw new ConfigException("--account-tuning: " + cell.name()
                    + " protects nothing, so that no epsilon bounds the choice; leave it out");
        });
    }

    /** What is swept. */
    public Grid grid() {
        return grid;
    }

    /** All runs, in order. */
    public List<Cell> cells() {
        return cells;
    }

    /** Runs what is not over yet; tuning is not accounted. */
    public SweepResult run(int workers, SweepListener listener) {
        return run(workers, false, listener);
    }

    /**
     * Runs what is not over yet, and writes down what came of it all.
     *
     * @param workers cells that run at once; the machine's cores are dealt out among them
     * @param charged whether what all runs cost together is stated as the guarantee of whichever is chosen
     */
    public SweepResult run(int workers, boolean charged, SweepListener listener) {
        Require.atLeast("workers", workers, 1);
        directory.begin(grid);
        int atOnce = Math.min(workers, cells.size());
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / atOnce);
        long start = System.nanoTime();
        ExecutorService pool = Executors.newFixedThreadPool(atOnce, task -> {
            Thread thread = new Thread(task, "sotto-sweep");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<CellResult>> running = new ArrayList<>();
            for (Cell cell : cells) {
                running.add(pool.submit(() -> result(cell, threads, listener)));
            }
            List<CellResult> results = new ArrayList<>();
            for (Future<CellResult> cell : running) {
                results.add(await(cell));
            }
            SweepResult result = SweepResult.of(grid, results, charged, directory, (System.nanoTime() - start) / 1e9);
            SweepFiles.write(result, directory);
            return result;
        } finally {
            pool.shutdownNow();
        }
    }

    private static CellResult await(Future<CellResult> cell) {
        try {
            return cell.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while cells were running", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "a cell could not be run: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private CellResult result(Cell cell, int threads, SweepListener listener) {
        Path path = directory.cell(cell);
        boolean kept = over(path);
        CellResult result;
        try {
            if (!kept) {
                run(cell, path, threads, listener);
            }
            result = CellResult.read(cell, path);
        } catch (RuntimeException | OutOfMemoryError e) {
            result = CellResult.failed(cell, path, e);
        }
        listener.finished(result, kept);
        return result;
    }

    private static boolean over(Path path) {
        return Files.exists(path.resolve(RunDirectory.RESULT)) && !SavedRun.exists(path);
    }

    private void run(Cell cell, Path path, int threads, SweepListener listener) {
        Experiment experiment = load(cell);
        Optional<SavedRun> saved = SavedRun.exists(path) ? Optional.of(SavedRun.read(path)) : Optional.empty();
        int finished = saved.map(run -> run.run().state().round()).orElse(0);
        listener.started(cell, finished, experiment.plan().rounds());
        RunListener rounds = new RunListener() {
            @Override
            public void roundFinished(RoundRecord record, float[] parameters) {
                listener.round(cell, record);
            }
        };
        if (saved.isPresent()) {
            ExperimentRun.resume(experiment, saved.get(), threads, rounds);
        } else {
            // What may lie there was never begun: a run that touched anything has a checkpoint.
            ExperimentRun.replace(experiment, path, threads, rounds);
        }
    }
}
