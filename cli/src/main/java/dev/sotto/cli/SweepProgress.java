package dev.sotto.cli;

import dev.sotto.federation.RoundRecord;
import dev.sotto.simulation.sweep.Cell;
import dev.sotto.simulation.sweep.CellResult;
import dev.sotto.simulation.sweep.Sweep;
import dev.sotto.simulation.sweep.SweepListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sweep as it happens: a line a finished run, and on a terminal below them a line for each that runs now. */
final class SweepProgress implements SweepListener, AutoCloseable {
    private static final long REDRAW = 200_000_000L;
    private static final int BAR = 20;

    private final Console console;
    private final int cells;
    private final int columns = Math.max(40, Integer.getInteger("sotto.columns", 80));
    private final Map<Cell, Running> running = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private int finished;
    private int kept;
    private int drawn;
    private long redrawn;
    private boolean silent;

    private record Running(int round, int rounds, String score) {}

    SweepProgress(Console console, Sweep sweep) {
        this.console = console;
        this.cells = sweep.cells().size();
    }

    @Override
    public synchronized void started(Cell cell, int round, int rounds) {
        running.put(cell, new Running(round, rounds, ""));
        draw(true);
    }

    @Override
    public synchronized void round(Cell cell, RoundRecord record) {
        Running before = running.get(cell);
        String score = record.loss().isPresent()
                ? "loss " + Console.number(record.loss().getAsDouble(), 4)
                : before.score();
        running.put(cell, new Running(record.round(), before.rounds(), score));
        draw(false);
    }

    @Override
    public synchronized void finished(CellResult result, boolean wasKept) {
        if (silent) {
            return;
        }
        running.remove(result.cell());
        finished++;
        kept += wasKept ? 1 : 0;
        wipe();
        console.remark(finished + "/" + cells + "  " + SweepText.line(result) + (wasKept ? "  (kept)" : left()));
        draw(true);
    }

    private String left() {
        int ahead = cells - finished;
        double each = (System.nanoTime() - start) / 1e9 / (finished - kept);
        return ahead == 0 ? "" : "  (" + Console.duration(each * ahead) + " left)";
    }

    private void draw(boolean now) {
        if (silent || !console.terminal() || (!now && System.nanoTime() - redrawn < REDRAW)) {
            return;
        }
        wipe();
        List<String> lines = new ArrayList<>();
        running.forEach((cell, state) -> lines.add(line(cell, state)));
        lines.forEach(console::remark);
        drawn = lines.size();
        redrawn = System.nanoTime();
    }

    private String line(Cell cell, Running state) {
        int done = state.rounds() == 0 ? 0 : BAR * state.round() / state.rounds();
        String line = "[" + "=".repeat(done) + " ".repeat(BAR - done) + "] " + state.round() + "/" + state.rounds()
                + "  " + cell.name() + "  " + state.score();
        return line.length() < columns ? line : line.substring(0, columns - 1);
    }

    /** Takes back the lines below the last finished run. */
    private void wipe() {
        if (drawn > 0) {
            console.err().print("\033[" + drawn + "F\033[J");
            console.err().flush();
            drawn = 0;
        }
    }

    /** For a process that is about to end: says how many runs are finished, and from then on nothing. */
    synchronized int fallSilent() {
        wipe();
        silent = true;
        return finished;
    }

    @Override
    public synchronized void close() {
        wipe();
    }
}
