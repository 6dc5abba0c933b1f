/**
 * The same experiment many times, with keys varied over a grid: cells run side by side, each in a directory of its own, an
 * interrupted sweep goes on, and what was found comes as a table and as figures, with what the runs together cost.
 */
package dev.sotto.simulation.sweep;
