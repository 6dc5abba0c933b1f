package dev.sotto.simulation.sweep;

import dev.sotto.federation.RoundRecord;

/** Watches a sweep. Called from several threads. All methods do nothing by default. */
public interface SweepListener {
    /** A cell begins, or goes on after that many rounds. */
    default void started(Cell cell, int round, int rounds) {}

    /** A round of a cell is over. */
    default void round(Cell cell, RoundRecord record) {}

    /** A cell is over; {@code kept} if an earlier process ran it. */
    default void finished(CellResult result, boolean kept) {}
}
